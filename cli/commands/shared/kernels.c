/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands/shared/kernels.h"
#include "kernels/kernels.h"

const char *cmd_kernel_offer(int i)
{
    return (size_t)i < sn_kernel_count ? sn_kernels[i].name : NULL;
}
