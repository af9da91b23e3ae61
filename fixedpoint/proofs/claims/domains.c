/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixedpoint/proofs/claims/domains.h"
#include <string.h>

const struct claim_domain claim_domains[] = {
    /* ---- (mu, nu, omega, tau) ---- */
    {"D1", "mu=-0.1:0.1,nu=0.8:1.5,omega=-0.1:0.1,tau=0.8:1.25", {0}},
    {"Omega", "mu=-0.1:0.1,nu=0.8:1.5,omega=-0.1:0.1,tau=0.95:1.1", {0}},
    {"Omega, any rate",
        "mu=-0.1:0.1,nu=0.8:1.5,omega=-0.1:0.1,tau=0.95:1.1,s=0:1", {0}},
    {"Omega++", "mu=-1:1,nu=3:16,omega=-0.1:0.1,tau=0.8:1.25", {0}},
    {"Omega+", "mu=-1:1,nu=1.5:16,omega=-0.1:0.1,tau=0.8:1.25", {0}},
    {"Omega+, |mu| <= 0.1",
        "mu=-0.1:0.1,nu=1.5:16,omega=-0.1:0.1,tau=0.8:1.25", {0}},
    {"Omega-", "mu=-0.1:0.1,nu=0.05:0.24,omega=-0.1:0.1,tau=0.8:1.25", {0}},
    {"Omega1-", "mu=-0.1:0.1,nu=0.05:0.16,omega=-0.1:0.1,tau=0.8:1.25", {0}},
    {"Omega2-", "mu=-0.1:0.1,nu=0.05:0.24,omega=-0.1:0.1,tau=0.9:1.25", {0}},
    {"Omega1- from 0.02",
        "mu=-0.1:0.1,nu=0.02:0.16,omega=-0.1:0.1,tau=0.8:1.25", {0}},
    {"Omega2- from 0.02",
        "mu=-0.1:0.1,nu=0.02:0.24,omega=-0.1:0.1,tau=0.9:1.25", {0}},
    {"Omega- from 0.02",
        "mu=-0.1:0.1,nu=0.02:0.24,omega=-0.1:0.1,tau=0.8:1.25", {0}},
    {"Omega2- from 0.02, tau >= 0.95",
        "mu=-0.1:0.1,nu=0.02:0.24,omega=-0.1:0.1,tau=0.95:1.25", {0}},
    {"far start", "mu=-1:1,nu=0.02:16,omega=-0.1:0.1,tau=0.95:1.1", {0}},
    {"wide start", "mu=-5:5,nu=0.02:100,omega=-0.1:0.1,tau=0.95:1.1", {0}},
    /* ---- points of it ---- */
    {"(0, 1), omega 0, tau 1", "mu=0,nu=1,omega=0,tau=1", {0}},
    {"(0, 1), any rate", "mu=0,nu=1,omega=0,tau=1,s=0:1", {0}},
    {"mu = omega = 0, nu = 3, tau = 1.25", "mu=0,nu=3,omega=0,tau=1.25", {0}},
    {"mu = 1, omega = 0.1, nu = 3, tau = 1.25", "mu=1,nu=3,omega=0.1,tau=1.25",
        {0}},
    {"mu = -1, omega = -0.1, nu = 3, tau = 1.25",
        "mu=-1,nu=3,omega=-0.1,tau=1.25", {0}},
    {"mu = 0.1, omega = 0.1, nu = 0.8, tau = 1.25",
        "mu=0.1,nu=0.8,omega=0.1,tau=1.25", {0}},
    /* ---- x = v, y = m ---- */
    {"x, y of D1", "m=-0.01:0.01,v=0.64:1.875", {0}},
    {"x, y of Omega-", "m=-0.01:0.01,v=0.04:0.3", {0}},
    {"x = 0.64, |y| <= 0.01", "m=-0.01:0.01,v=0.64", {0}},
    {"1.2 <= x <= 20, |y| <= 0.1", "m=-0.1:0.1,v=1.2:20", {0}},
    {"20 <= x <= 1000, |y| <= 0.1", "m=-0.1:0.1,v=20:1000", {0}},
    {"x = 1.2, |y| <= 0.1", "m=-0.1:0.1,v=1.2", {0}},
    {"x = 1.2, y = 0.1", "m=0.1,v=1.2", {0}},
    {"x = 20, y = 0.01", "m=0.01,v=20", {0}},
    {"0.007 <= x <= 0.875, |y| <= 0.01", "m=-0.01:0.01,v=0.007:0.875", {0}},
    {"0.08 <= x <= 0.875, |y| <= 0.01", "m=-0.01:0.01,v=0.08:0.875", {0}},
    {"0.007 <= x <= 0.08, |y| <= 0.01", "m=-0.01:0.01,v=0.007:0.08", {0}},
    {"0.02 <= x <= 0.5, |y| <= 0.01", "m=-0.01:0.01,v=0.02:0.5", {0}},
    {"x = 0.007", "m=-0.01:0.01,v=0.007", {0}},
    {"x = 0.128", "m=-0.01:0.01,v=0.128", {0}},
    {"x = 0.216", "m=-0.01:0.01,v=0.216", {0}},
    {"x = 0.56", "m=-0.01:0.01,v=0.56", {0}},
    {"nu = 0.7, 0.8 <= tau <= 1.25, y = 0.01", "m=0.01,v=0.56:0.875", {0}},
    {"nu = 0.16, 0.8 <= tau <= 1.25, y = 0.01", "m=0.01,v=0.128:0.2", {0}},
    {"nu = 0.24, 0.9 <= tau <= 1.25, y = 0.01", "m=0.01,v=0.216:0.3", {0}},
    {"x = 1e-12, y = 0.01", "m=0.01,v=1e-12", {0}},
    {"x = 1e-12, y = -0.01", "m=-0.01,v=1e-12", {0}},
    {"|m| <= 1000, 2.4 <= v <= 1e5", "m=-1000:1000,v=2.4:100000", {0}},
    {"|m| <= 10, 1e-9 <= v <= 0.2", "m=-10:10,v=1e-9:0.2", {0}},
    {"|m| <= 10, 1e-9 <= v <= 0.3", "m=-10:10,v=1e-9:0.3", {0}},
    {"0.001 <= z <= 20", "m=0,v=0.001:20", {0}},
    /* ---- numbers alone ---- */
    {"arithmetic", "m=0,v=1", {0}},
    {"c = 2.911, gap 0.0131259", "m=0.0131259,v=2.911", {0}},
    {"c = 2.911, gap 0.0003", "m=0.0003,v=2.911", {0}},
    {"c = 2.911, gap 0.00040438", "m=0.00040438,v=2.911", {0}},
    {"design (0, 2)", "m=0,v=1", {"0", "2", "0", "1"}},
    {"design (-0.1, 2), omega 1", "m=0,v=1", {"-0.1", "2", "1", "1"}},
};
const size_t claim_domain_count = sizeof claim_domains / sizeof *claim_domains;

const struct claim_domain *claim_domain_find(const char *name)
{
    for (size_t i = 0; name && i < claim_domain_count; i++)
        if (!strcmp(claim_domains[i].name, name))
            return &claim_domains[i];
    return NULL;
}

/* "mu=-1:1", cut up in place; `domain` judges the ends. */
static bool read_interval(
    struct claim_ends *ends, char *item, struct iv_domain *domain)
{
    char *lower = strchr(item, '='), *upper;
    int c = 0;
    if (!lower)
        return false;
    *lower++ = '\0';
    while (c < IV_COORDINATES && strcmp(item, iv_coordinate[c]))
        c++;
    if (c == IV_COORDINATES || ends->end[c][0])
        return false;
    upper = strchr(lower, ':');
    if (upper)
        *upper++ = '\0';
    ends->end[c][0] = lower;
    ends->end[c][1] = upper ? upper : lower;
    return !iv_domain_set(domain, c, ends->end[c][0], ends->end[c][1]);
}

bool claim_ends_read(struct claim_ends *ends, const char *text)
{
    memset(ends, 0, sizeof *ends);
    if (strlen(text) >= sizeof ends->text)
        return false;
    strcpy(ends->text, text);
    struct iv_domain domain;
    bool good = true;
    char *rest = ends->text;
    iv_domain_init(&domain);
    for (char *item; good && (item = strsep(&rest, ","));)
        good = read_interval(ends, item, &domain);
    iv_domain_clear(&domain);
    return good;
}
