/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Formulas about the map g and where they are looked at: enclosures, domains
 * and places, jets, the map, texts.  The first half of the manual; the
 * searches are in search/, the claims in claims/.
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
enum { IV_PROOF_PRECISION = 128 };

/* ---- enclosures (interval.c) ---------------------------------------- */

/* The number that a decimal text stands for; SN_BAD_VALUE if it is none. */
enum sn_status iv_decimal_mpfi(mpfi_ptr x, const char *text);

/*
 * Compares two decimals exactly, whatever their length; both must be
 * readable by iv_decimal_mpfi().  Negative, 0 or positive as a - b.
 */
int iv_decimal_compare(const char *a, const char *b);

/* Both end points are numbers (infinite ones too), in order. */
bool iv_is_interval(mpfi_srcptr x);

struct iv_selu {
    mpfi_t lambda, alpha;
};
void iv_selu_init(struct iv_selu *selu);
void iv_selu_clear(struct iv_selu *selu);
/* The paper's constants, eq. 14. */
void iv_selu_constants_mpfi(struct iv_selu *selu);
/*
 * Those with the fixed point `design`: decimals of mean, variance, omega, tau
 * (docs/mathematics/theory.md).  SN_NO_SOLUTION, SN_UNDECIDED as
 * constants_solve_arb.
 */
enum sn_status iv_selu_design_mpfi(
    struct iv_selu *selu, const char *const design[4]);

/* ---- domains (domain.c) --------------------------------------------- */

/*
 * What an inequality may depend on.  s is a free parameter: of alpha dropout,
 * whose rate is 1 - s^2.
 */
enum { IV_MU, IV_NU, IV_OMEGA, IV_TAU, IV_M, IV_V, IV_S, IV_COORDINATES };
extern const char *const iv_coordinate[IV_COORDINATES];
enum { IV_AXES = 5 }; /* the most that one inequality has */

/*
 * A product of closed intervals with decimal ends (borrowed texts); the
 * coordinates without texts are not there.
 */
struct iv_domain {
    const char *text[IV_COORDINATES][2];
    mpfi_t end[IV_COORDINATES][2];
};
void iv_domain_init(struct iv_domain *domain);
void iv_domain_clear(struct iv_domain *domain);
/*
 * SN_BAD_VALUE: not finite decimals, lower > upper (decided exactly), or nu,
 * tau or v not above 0.
 */
enum sn_status iv_domain_set(struct iv_domain *domain, int coordinate,
    const char *lower, const char *upper);

/*
 * A box to search, its axes rounded outwards to doubles.  An axis m may stand
 * for mu and omega, one of v for nu and tau; then the largest |omega| that
 * belongs to m is |m| / mu where `along_m`, else omega, and the largest tau
 * v / nu where `along_v`, else tau.
 */
struct iv_piece {
    int axes, axis[IV_AXES]; /* coordinates */
    int at[IV_COORDINATES];  /* the axis of a coordinate, or -1 */
    double x[IV_AXES][2];
    bool folds_m, folds_v; /* m stands for mu omega, v for nu tau */
    bool along_m, along_v;
    mpfi_t mu, omega, nu, tau;              /* |mu|, |omega| */
    const char *mu_text[2], *omega_text[2]; /* ends, smaller modulus first */
    int mu_sign, omega_sign;
};
void iv_piece_init(struct iv_piece *piece);
void iv_piece_clear(struct iv_piece *piece);

enum { IV_MAX_PIECES = 16 };
/* Covers the domain by initialised pieces; returns how many. */
size_t iv_domain_pieces(struct iv_piece pieces[IV_MAX_PIECES],
    const struct iv_domain *domain, bool fold_m, bool fold_v);

/* ---- places (witness.c) --------------------------------------------- */

/* Decimals in the order of the coordinates; NULL where there is none. */
struct iv_place {
    char *text[IV_COORDINATES];
};
void iv_place_clear(struct iv_place *place);
/*
 * A point of the domain near the point x of a piece.  Its decimals are in the
 * domain exactly; where it is at an end they are the domain's own text.
 */
enum sn_status iv_domain_locate(struct iv_place *place,
    const struct iv_domain *domain, const struct iv_piece *piece,
    const double x[IV_AXES]);
/* Is the place proven to lie in the domain? */
bool iv_domain_holds(
    const struct iv_domain *domain, const struct iv_place *place);

/* ---- jets (jet.c) --------------------------------------------------- */

/*
 * A function on a box: its range and those of its derivatives along the axes,
 * or where it has a kink (hypot at 0) of its generalized gradient: the mean
 * value theorem holds for both.  Results may alias arguments.
 */
struct iv_jet {
    int axes;
    mpfi_t f, d[IV_AXES];
};
void iv_jet_init(struct iv_jet *jet);
void iv_jet_clear(struct iv_jet *jet);
void iv_jet_set(struct iv_jet *r, const struct iv_jet *a);
void iv_jet_neg(struct iv_jet *r, const struct iv_jet *a);
void iv_jet_add(
    struct iv_jet *r, const struct iv_jet *a, const struct iv_jet *b);
void iv_jet_sub(
    struct iv_jet *r, const struct iv_jet *a, const struct iv_jet *b);

/* Room for the operations that need some. */
struct iv_scratch {
    mpfi_t p, q, s, t;
    struct iv_jet jet;
};
void iv_scratch_init(struct iv_scratch *scratch);
void iv_scratch_clear(struct iv_scratch *scratch);
void iv_jet_mul(struct iv_jet *r, const struct iv_jet *a,
    const struct iv_jet *b, struct iv_scratch *scratch);
void iv_jet_div(struct iv_jet *r, const struct iv_jet *a,
    const struct iv_jet *b, struct iv_scratch *scratch);
void iv_jet_hypot(struct iv_jet *r, const struct iv_jet *a,
    const struct iv_jet *b, struct iv_scratch *scratch);

void iv_jet_modulus(
    struct iv_jet *r, const struct iv_jet *a, struct iv_scratch *scratch);
struct expr_node;
/* The node's function of a, as expr_apply_mpfi(); r is not a. */
void iv_jet_apply(struct iv_jet *r, const struct expr_node *node,
    const struct iv_jet *a, struct iv_scratch *scratch);

/* ---- the map (map_mpfi.c) ------------------------------------------- */

/*
 * With z ~ N(m, v): P = P(z > 0), C = 1 - P, N the density of z at 0,
 * X1 = E e^z 1{z<0}, X2 = E e^(2z) 1{z<0}; M, S, V: mean, second moment and
 * variance of selu(z); M_m, M_v, M_mm, ...: their partial derivatives.
 */
enum iv_atom {
    IV_P,
    IV_C,
    IV_N,
    IV_X1,
    IV_X2,
    IV_MEAN,
    IV_MEAN_M,
    IV_MEAN_V,
    IV_MEAN_MM,
    IV_MEAN_MV,
    IV_MEAN_VV,
    IV_SECOND,
    IV_SECOND_M,
    IV_SECOND_V,
    IV_SECOND_MM,
    IV_SECOND_MV,
    IV_SECOND_VV,
    IV_VARIANCE,
    IV_VARIANCE_M,
    IV_VARIANCE_V,
    IV_VARIANCE_MM,
    IV_VARIANCE_MV,
    IV_VARIANCE_VV,
    IV_ATOMS
};
extern const char *const iv_atom_name[IV_ATOMS];

/* Jets along two axes, m and v. */
struct iv_map;
struct iv_map *iv_map_new(void); /* NULL: no memory */
void iv_map_free(struct iv_map *map);
struct iv_doubles *iv_map_doubles(struct iv_map *map); /* doubles/doubles.h */
/* Which of the m-derivatives of the moments an atom's value is: at most 4. */
int iv_atom_derivatives(enum iv_atom atom);
/*
 * Makes iv_map_atom() ready for a box, for atoms of so many derivatives;
 * without `slopes` the atoms' own derivatives are not to be looked at.
 */
void iv_map_set(struct iv_map *map, mpfi_srcptr m, mpfi_srcptr v,
    const struct iv_selu *selu, int derivatives, bool slopes);
/* Computed when first asked for; valid until the next iv_map_set(). */
const struct iv_jet *iv_map_atom(struct iv_map *map, enum iv_atom atom);

/* ---- formulas (term.c) ---------------------------------------------- */

/*
 * Texts such as "omega*tau*M_mv - 0.1*hypot(m, sqrt(v))" in the language of
 * fixedpoint/expressions.  Its names: the coordinates, lambda, alpha, pi, the
 * atoms, wmax and tmax; exp expm1 log log1p tanh erf erfc erfcx sqrt abs sign
 * hypot.  m and v stand for mu*omega and nu*tau where they are not coordinates
 * themselves.  wmax and tmax are the largest |omega| and tau that belong to
 * (m, v); a text with them is `reduced` and may not name mu, nu, omega or tau.
 */
struct iv_term;
struct expr_fault;
/* NULL: no memory, or not such a text; `fault`, unless NULL, says why. */
struct iv_term *iv_term_new(const char *text, struct expr_fault *fault);
void iv_term_free(struct iv_term *term);
/*
 * What it asks for of (mu, omega) and (nu, tau) are m and v alone, so that a
 * search may go along these.
 */
bool iv_term_folds_m(const struct iv_term *term);
bool iv_term_folds_v(const struct iv_term *term);

/*
 * The value on a box of a piece, and its derivatives (else no axes) where
 * `slopes` are asked for.  `map` is shared between formulas: what was
 * computed for the same box is used again.
 */
void iv_term_evaluate(struct iv_jet *value, struct iv_term *term,
    const double x[IV_AXES][2], const struct iv_piece *piece, bool slopes,
    struct iv_map *map, const struct iv_selu *selu);

/* The value at a place, from its decimals alone. */
void iv_term_at(mpfi_ptr value, struct iv_term *term,
    const struct iv_place *place, struct iv_map *map,
    const struct iv_selu *selu);

#endif
