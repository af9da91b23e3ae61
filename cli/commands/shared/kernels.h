/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How commands take the words of kernels. */
#ifndef SN_CLI_COMMANDS_SHARED_KERNELS_H
#define SN_CLI_COMMANDS_SHARED_KERNELS_H

/* Names of the built-in kernels, for completion. */
const char *cmd_kernel_offer(int i);

#endif
