/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Formulas about the map g and where they are looked at: enclosures, domains
 * and places, jets, the map, texts.  The first half of the manual; the
 * searches and the claims are in proofs.h.
 */
#ifndef SN_FIXEDPOINT_PROOFS_INTERVALS_FORMULAS_H
#define SN_FIXEDPOINT_PROOFS_INTERVALS_FORMULAS_H

#include "fixedpoint/numbers/status.h"
#include <mpfi.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Working precision in bits.  The cancellation in E f^2 - (E f)^2 and in the
 * sums of eqs. 62 to 65 costs some 10 bits on the paper's domain and 20 at
 * v = 1e-6: enough is left to enclose extrema to 1e-12.
 */
enum { SN_PROOF_PRECISION = 128 };

/* ---- enclosures (interval.c) ---------------------------------------- */

/* The number that a decimal text stands for; SN_BAD_VALUE if it is none. */
enum sn_status sn_decimal_mpfi(mpfi_ptr x, const char *text);

/*
 * Compares two decimals exactly, whatever their length; both must be
 * readable by sn_decimal_mpfi().  Negative, 0 or positive as a - b.
 */
int sn_decimal_compare(const char *a, const char *b);

/* erfc(x), and erfcx(x) = e^(x^2) erfc(x): by end points, both decrease. */
void sn_erfc_mpfi(mpfi_ptr y, mpfi_srcptr x);
void sn_erfcx_mpfi(mpfi_ptr y, mpfi_srcptr x);

/* Both end points are numbers (infinite ones too), in order. */
bool sn_is_interval(mpfi_srcptr x);

struct sn_selu {
    mpfi_t lambda, alpha;
};
void sn_selu_init(struct sn_selu *selu);
void sn_selu_clear(struct sn_selu *selu);
/* The paper's constants, eq. 14. */
void sn_selu_constants_mpfi(struct sn_selu *selu);
/*
 * Those with the fixed point `design`: decimals of mean, variance, omega, tau
 * (docs/theory.md).  SN_NO_SOLUTION, SN_UNDECIDED as sn_solve_constants_arb.
 */
enum sn_status sn_selu_design_mpfi(
    struct sn_selu *selu, const char *const design[4]);

/* ---- domains (domain.c) --------------------------------------------- */

/*
 * What an inequality may depend on.  s is a free parameter: of alpha dropout,
 * whose rate is 1 - s^2.
 */
enum { SN_MU, SN_NU, SN_OMEGA, SN_TAU, SN_M, SN_V, SN_S, SN_COORDINATES };
extern const char *const sn_coordinate[SN_COORDINATES];
enum { SN_AXES = 5 }; /* the most that one inequality has */

/*
 * A product of closed intervals with decimal ends (borrowed texts); the
 * coordinates without texts are not there.
 */
struct sn_domain {
    const char *text[SN_COORDINATES][2];
    mpfi_t end[SN_COORDINATES][2];
};
void sn_domain_init(struct sn_domain *domain);
void sn_domain_clear(struct sn_domain *domain);
/*
 * SN_BAD_VALUE: not finite decimals, lower > upper (decided exactly), or nu,
 * tau or v not above 0.
 */
enum sn_status sn_domain_set(struct sn_domain *domain, int coordinate,
    const char *lower, const char *upper);

/*
 * A box to search, its axes rounded outwards to doubles.  An axis m may stand
 * for mu and omega, one of v for nu and tau; then the largest |omega| that
 * belongs to m is |m| / mu where `along_m`, else omega, and the largest tau
 * v / nu where `along_v`, else tau.
 */
struct sn_piece {
    int axes, axis[SN_AXES]; /* coordinates */
    int at[SN_COORDINATES];  /* the axis of a coordinate, or -1 */
    double x[SN_AXES][2];
    bool folds_m, folds_v; /* m stands for mu omega, v for nu tau */
    bool along_m, along_v;
    mpfi_t mu, omega, nu, tau;              /* |mu|, |omega| */
    const char *mu_text[2], *omega_text[2]; /* ends, smaller modulus first */
    int mu_sign, omega_sign;
};
void sn_piece_init(struct sn_piece *piece);
void sn_piece_clear(struct sn_piece *piece);

enum { SN_MAX_PIECES = 16 };
/* Covers the domain by initialised pieces; returns how many. */
size_t sn_domain_pieces(struct sn_piece pieces[SN_MAX_PIECES],
    const struct sn_domain *domain, bool fold_m, bool fold_v);

/* ---- places (place.c) ----------------------------------------------- */

/* Decimals in the order of the coordinates; NULL where there is none. */
struct sn_place {
    char *text[SN_COORDINATES];
};
void sn_place_clear(struct sn_place *place);
/*
 * A point of the domain near the point x of a piece.  Its decimals are in the
 * domain exactly; where it is at an end they are the domain's own text.
 */
enum sn_status sn_domain_locate(struct sn_place *place,
    const struct sn_domain *domain, const struct sn_piece *piece,
    const double x[SN_AXES]);
/* Is the place proven to lie in the domain? */
bool sn_domain_holds(
    const struct sn_domain *domain, const struct sn_place *place);

/* ---- jets (jet.c) --------------------------------------------------- */

/*
 * A function on a box: its range and those of its derivatives along the axes,
 * or where it has a kink (hypot at 0) of its generalized gradient: the mean
 * value theorem holds for both.  Results may alias arguments.
 */
struct sn_jet {
    int axes;
    mpfi_t f, d[SN_AXES];
};
void sn_jet_init(struct sn_jet *jet);
void sn_jet_clear(struct sn_jet *jet);
void sn_jet_set(struct sn_jet *r, const struct sn_jet *a);
void sn_jet_neg(struct sn_jet *r, const struct sn_jet *a);
void sn_jet_add(
    struct sn_jet *r, const struct sn_jet *a, const struct sn_jet *b);
void sn_jet_sub(
    struct sn_jet *r, const struct sn_jet *a, const struct sn_jet *b);

/* Room for the operations that need some. */
struct sn_scratch {
    mpfi_t p, q, s, t;
    struct sn_jet jet;
};
void sn_scratch_init(struct sn_scratch *scratch);
void sn_scratch_clear(struct sn_scratch *scratch);
void sn_jet_mul(struct sn_jet *r, const struct sn_jet *a,
    const struct sn_jet *b, struct sn_scratch *scratch);
void sn_jet_div(struct sn_jet *r, const struct sn_jet *a,
    const struct sn_jet *b, struct sn_scratch *scratch);
void sn_jet_power(struct sn_jet *r, const struct sn_jet *a, unsigned exponent,
    struct sn_scratch *scratch);
void sn_jet_hypot(struct sn_jet *r, const struct sn_jet *a,
    const struct sn_jet *b, struct sn_scratch *scratch);

enum sn_unary {
    SN_SQRT,
    SN_EXP,
    SN_ERFC,
    SN_ERFCX,
    SN_ABS,
    SN_SIGN,
    SN_UNARY_COUNT
};
void sn_jet_apply(enum sn_unary function, struct sn_jet *r,
    const struct sn_jet *a, struct sn_scratch *scratch);

/* ---- the map (map_mpfi.c) ------------------------------------------- */

/*
 * With z ~ N(m, v): P = P(z > 0), C = 1 - P, N the density of z at 0,
 * X1 = E e^z 1{z<0}, X2 = E e^(2z) 1{z<0}; M, S, V: mean, second moment and
 * variance of selu(z); M_m, M_v, M_mm, ...: their partial derivatives.
 */
enum sn_atom {
    SN_P,
    SN_C,
    SN_N,
    SN_X1,
    SN_X2,
    SN_MEAN,
    SN_MEAN_M,
    SN_MEAN_V,
    SN_MEAN_MM,
    SN_MEAN_MV,
    SN_MEAN_VV,
    SN_SECOND,
    SN_SECOND_M,
    SN_SECOND_V,
    SN_SECOND_MM,
    SN_SECOND_MV,
    SN_SECOND_VV,
    SN_VARIANCE,
    SN_VARIANCE_M,
    SN_VARIANCE_V,
    SN_VARIANCE_MM,
    SN_VARIANCE_MV,
    SN_VARIANCE_VV,
    SN_ATOMS
};
extern const char *const sn_atom_name[SN_ATOMS];

/* Jets along two axes, m and v. */
struct sn_map;
struct sn_map *sn_map_new(void); /* NULL: no memory */
void sn_map_free(struct sn_map *map);
struct sn_doubles *sn_map_doubles(struct sn_map *map); /* doubles/doubles.h */
/* Which of the m-derivatives of the moments an atom's value is: at most 4. */
int sn_atom_derivatives(enum sn_atom atom);
/*
 * Makes sn_map_atom() ready for a box, for atoms of so many derivatives;
 * without `slopes` the atoms' own derivatives are not to be looked at.
 */
void sn_map_set(struct sn_map *map, mpfi_srcptr m, mpfi_srcptr v,
    const struct sn_selu *selu, int derivatives, bool slopes);
/* Computed when first asked for; valid until the next sn_map_set(). */
const struct sn_jet *sn_map_atom(struct sn_map *map, enum sn_atom atom);

/* ---- formulas (term.c, term_parse.c) --------------------------- */

/*
 * Texts such as "omega*tau*M_mv - 0.1*hypot(m, sqrt(v))": decimals,
 * coordinates, lambda, alpha, pi, the atoms; + - * / and ^ with a whole
 * exponent; sqrt, exp, erfc, erfcx, abs, sign, hypot(a, b).  m and v stand for
 * mu*omega and nu*tau where they are not coordinates themselves.  wmax and
 * tmax are the largest |omega| and tau that belong to (m, v); a text with
 * them is `reduced` and may not name mu, nu, omega or tau.
 */
struct sn_term;
/* NULL: no memory, or not such a text; `error`, unless NULL, says which. */
struct sn_term *sn_term_new(const char *text, const char **error);
void sn_term_free(struct sn_term *term);
/*
 * What it asks for of (mu, omega) and (nu, tau) are m and v alone, so that a
 * search may go along these.
 */
bool sn_term_folds_m(const struct sn_term *term);
bool sn_term_folds_v(const struct sn_term *term);

/*
 * The value on a box of a piece, and its derivatives (else no axes) where
 * `slopes` are asked for.  `map` is shared between formulas: what was
 * computed for the same box is used again.
 */
void sn_term_evaluate(struct sn_jet *value, struct sn_term *term,
    const double x[SN_AXES][2], const struct sn_piece *piece, bool slopes,
    struct sn_map *map, const struct sn_selu *selu);

/* The value at a place, from its decimals alone. */
void sn_term_at(mpfi_ptr value, struct sn_term *term,
    const struct sn_place *place, struct sn_map *map,
    const struct sn_selu *selu);

/* The largest singular value of the Jacobian of g, eqs. 7 and 69. */
#define SN_NORM                                                               \
    "(hypot(wmax*M_m + tmax*V_v, wmax*V_m - tmax*M_v)"                        \
    " + hypot(wmax*M_m - tmax*V_v, wmax*V_m + tmax*M_v))/2"

#endif
