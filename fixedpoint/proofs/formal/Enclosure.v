(* SPDX-License-Identifier: GPL-3.0-or-later *)
(*
 * The quantities that are bounded on boxes of (m, v), and the tactic that
 * proves such a bound; the files that `selfnorm prove theorem1 --coq` writes
 * apply it to one box after another.
 *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Interval Require Import Tactic.
From Selfnorm Require Import Statements Gaussian Moments Derivatives.
From Selfnorm Require Import Constants.
Open Scope R_scope.

(* With the paper's constants: mean, second moment, variance; slopes. *)
Definition mean01 (m v : R) : R := mean_of lambda01 alpha01 m v.
Definition second01 (m v : R) : R := second_of lambda01 alpha01 m v.
Definition variance01 (m v : R) : R := second01 m v - mean01 m v ^ 2.
Definition slope_M_m : R -> R -> R := M_m lambda01 alpha01.
Definition slope_M_v : R -> R -> R := M_v lambda01 alpha01.
Definition slope_S_m : R -> R -> R := S_m lambda01 alpha01.
Definition slope_S_v : R -> R -> R := S_v lambda01 alpha01.
Definition slope_V_m (m v : R) : R :=
  slope_S_m m v - 2 * mean01 m v * slope_M_m m v.
Definition slope_V_v (m v : R) : R :=
  slope_S_v m v - 2 * mean01 m v * slope_M_v m v.

(* The squared Frobenius norm of the Jacobian where |omega| = 0.1. *)
Definition frobenius (m v tau : R) : R :=
  0.1 ^ 2 * (slope_M_m m v ^ 2 + slope_V_m m v ^ 2)
  + tau ^ 2 * (slope_M_v m v ^ 2 + slope_V_v m v ^ 2).

Lemma z1_eq m v : 0 < v ->
  (m + v) / sqrt (2 * v) = m / sqrt (2 * v) + sqrt (v / 2).
Proof.
  intros H.
  assert (S : 0 < sqrt (2 * v)) by (apply sqrt_lt_R0; lra).
  replace (v / 2) with ((sqrt (2 * v) / 2) ^ 2).
  - rewrite sqrt_pow2 by lra.
    assert (Q : sqrt (2 * v) ^ 2 = 2 * v) by (apply pow2_sqrt; lra).
    field_simplify_eq; lra.
  - replace ((sqrt (2 * v) / 2) ^ 2) with (sqrt (2 * v) ^ 2 / 4) by field.
    rewrite pow2_sqrt by lra. field.
Qed.

Lemma z2_eq m v : 0 < v ->
  (m + 2 * v) / sqrt (2 * v) = m / sqrt (2 * v) + sqrt (2 * v).
Proof.
  intros H.
  assert (S : 0 < sqrt (2 * v)) by (apply sqrt_lt_R0; lra).
  assert (Q : sqrt (2 * v) ^ 2 = 2 * v) by (apply pow2_sqrt; lra).
  field_simplify_eq; lra.
Qed.

Lemma erfc_between low high below above x :
  low <= x <= high -> below <= erfc high -> erfc low <= above ->
  below <= erfc x <= above.
Proof.
  intros [L H] B A.
  pose proof (erfc_decr _ _ L). pose proof (erfc_decr _ _ H). lra.
Qed.

(* To eight digits. *)
Ltac erfc_8 := unfold erfc, erf; integral with (i_prec 50, i_relwidth 32).

(*
 * The goal is an inequality about m and v on a box that is in the context.
 * Each erfc's argument lies in [z, Z] there, and itself then in [e, E].
 *)
Ltac box m v z0 Z0 e0 E0 z1 Z1 e1 E1 z2 Z2 e2 E2 :=
  assert (v_pos : 0 < v) by lra;
  destruct constants_proved as [lambda_range alpha_range];
  assert (range0 : e0 <= erfc (m / sqrt (2 * v)) <= E0)
    by (apply (erfc_between z0 Z0);
        [interval with (i_prec 40) | erfc_8 | erfc_8]);
  assert (range1 : e1 <= erfc ((m + v) / sqrt (2 * v)) <= E1)
    by (rewrite z1_eq by exact v_pos; apply (erfc_between z1 Z1);
        [interval with (i_prec 40) | erfc_8 | erfc_8]);
  assert (range2 : e2 <= erfc ((m + 2 * v) / sqrt (2 * v)) <= E2)
    by (rewrite z2_eq by exact v_pos; apply (erfc_between z2 Z2);
        [interval with (i_prec 40) | erfc_8 | erfc_8]);
  unfold frobenius, slope_V_m, slope_V_v, slope_S_m, slope_S_v, slope_M_m,
    slope_M_v, mean01, second01, M_m, M_v, S_m, S_v, mean_of, second_of, N,
    density;
  rewrite ?X_0, ?X_1, ?X_2;
  revert range0 range1 range2;
  generalize (erfc (m / sqrt (2 * v))), (erfc ((m + v) / sqrt (2 * v))),
    (erfc ((m + 2 * v) / sqrt (2 * v)));
  intros erfc0 erfc1 erfc2 range0 range1 range2;
  interval with (i_prec 40).
