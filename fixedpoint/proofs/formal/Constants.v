(* SPDX-License-Identifier: GPL-3.0-or-later *)
(* Eq. 14: what it comes to, and that it makes (0, 1) a fixed point. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Interval Require Import Tactic.
From Selfnorm Require Import Statements Gaussian Moments.
Open Scope R_scope.

(* `interval` and `integral` with i_prec compute in integers of 63 bits. *)
Ltac erfc_bound :=
  unfold erfc, erf;
  integral with (i_prec 70, i_relwidth 42, i_degree 15).

Lemma erfc_half : 0.31731050786 <= erfc (1 / sqrt 2) <= 0.31731050787.
Proof.
  assert (H : 0.707106781186 <= 1 / sqrt 2 <= 0.707106781187)
    by (split; interval with (i_prec 60)).
  assert (A : 0.31731050786 <= erfc 0.707106781187) by erfc_bound.
  assert (B : erfc 0.707106781186 <= 0.31731050787) by erfc_bound.
  pose proof (erfc_decr _ _ (proj1 H)). pose proof (erfc_decr _ _ (proj2 H)).
  lra.
Qed.

Lemma erfc_two : 0.04550026389 <= erfc (sqrt 2) <= 0.0455002639.
Proof.
  assert (H : 1.414213562373 <= sqrt 2 <= 1.414213562374)
    by (split; interval with (i_prec 60)).
  assert (A : 0.04550026389 <= erfc 1.414213562374) by erfc_bound.
  assert (B : erfc 1.414213562373 <= 0.0455002639) by erfc_bound.
  pose proof (erfc_decr _ _ (proj1 H)). pose proof (erfc_decr _ _ (proj2 H)).
  lra.
Qed.

Theorem constants_proved : statement_constants.
Proof.
  pose proof erfc_half as A. pose proof erfc_two as B. revert A B.
  unfold statement_constants, lambda01, alpha01.
  generalize (erfc (1 / sqrt 2)) (erfc (sqrt 2)). intros a b A B.
  repeat split; interval with (i_prec 70).
Qed.

(* ---- the fixed point -------------------------------------------------- *)

Lemma erfc_0 : erfc 0 = 1.
Proof.
  unfold erfc. rewrite erf_bell, RInt_point. unfold zero; simpl. ring.
Qed.

Lemma sqrt_exp_1 : sqrt (exp 1) = exp (1 / 2).
Proof.
  rewrite <- (sqrt_square (exp (1 / 2))) by apply Rlt_le, exp_pos.
  rewrite <- exp_plus. f_equal. f_equal. field.
Qed.

Lemma square_quotient a b c : c <> 0 ->
  (a * b / c) ^ 2 = a ^ 2 * b ^ 2 / c ^ 2.
Proof. intros. field. easy. Qed.

Theorem fixed_proved : statement_fixed.
Proof.
  unfold statement_fixed, g, variance, second_moment, mean, fst, snd.
  replace (0 * 0) with 0 by ring. replace (1 * 1) with 1 by ring.
  assert (EM := expectation_eq _ _ _ _ (mean_expectation lambda01 alpha01
                                          0 1 Rlt_0_1)).
  assert (ES := expectation_eq _ _ _ _ (second_expectation lambda01 alpha01
                                          0 1 Rlt_0_1)).
  rewrite EM, ES.
  pose proof PI_RGT_0 as P. pose proof sqrt_PI_pos as SP.
  assert (S2 : 0 < sqrt 2) by (apply sqrt_lt_R0; lra).
  assert (Q2 : sqrt 2 * sqrt 2 = 2) by (apply sqrt_sqrt; lra).
  assert (QP : sqrt PI * sqrt PI = PI) by (apply sqrt_sqrt; lra).
  assert (D : 0 < 2 * erfc (sqrt 2) * exp 2
              + PI * erfc (1 / sqrt 2) ^ 2 * exp 1
              - 2 * (2 + PI) * erfc (1 / sqrt 2) * sqrt (exp 1) + PI + 2).
  { pose proof erfc_half as A. pose proof erfc_two as B. revert A B.
    generalize (erfc (1 / sqrt 2)) (erfc (sqrt 2)). intros a b A B.
    interval with (i_prec 60). }
  assert (E : erfc (1 / sqrt 2) * exp (1 / 2) - 1 < 0).
  { pose proof erfc_half as A. revert A.
    generalize (erfc (1 / sqrt 2)). intros a A. interval with (i_prec 60). }
  assert (HN : N 0 1 = 1 / (sqrt 2 * sqrt PI)).
  { unfold N, density. replace (2 * PI * 1) with (2 * PI) by ring.
    rewrite sqrt_mult by lra.
    replace (- ((0 - 0) ^ 2 / (2 * 1))) with 0 by field.
    rewrite exp_0. easy. }
  assert (HX0 : X 0 0 1 = 1 / 2).
  { rewrite X_0. replace (0 / sqrt (2 * 1)) with 0 by (unfold Rdiv; ring).
    now rewrite erfc_0. }
  assert (HX1 : X 1 0 1 = exp (1 / 2) * erfc (1 / sqrt 2) / 2).
  { rewrite X_1. now rewrite !Rplus_0_l, Rmult_1_r. }
  assert (HX2 : X 2 0 1 = exp 2 * erfc (sqrt 2) / 2).
  { rewrite X_2. rewrite Rmult_0_r, !Rplus_0_l, !Rmult_1_r.
    replace (2 / sqrt 2) with (sqrt 2); [easy |].
    rewrite <- Q2 at 2. field. lra. }
  assert (HA : alpha01 = - (sqrt 2 / sqrt PI
                 / (erfc (1 / sqrt 2) * exp (1 / 2) - 1))).
  { unfold alpha01. now rewrite sqrt_div_alt by easy. }
  assert (HM : mean_of lambda01 alpha01 0 1 = 0).
  { unfold mean_of. rewrite HN, HX0, HX1, HA.
    revert E. generalize (erfc (1 / sqrt 2)) (exp (1 / 2)). intros a e E.
    replace (1 / (sqrt 2 * sqrt PI)) with (sqrt 2 / sqrt PI / 2)
      by (rewrite <- Q2 at 2; field; lra).
    field. lra. }
  assert (HS : second_of lambda01 alpha01 0 1 = 1).
  { unfold second_of. rewrite HX0, HX1, HX2, HA. unfold lambda01.
    rewrite square_quotient by (apply Rgt_not_eq, sqrt_lt_R0, D).
    rewrite !pow2_sqrt by lra.
    revert D E. rewrite sqrt_exp_1.
    replace (exp 1) with (exp (1 / 2) * exp (1 / 2))
      by (rewrite <- exp_plus; f_equal; field).
    generalize (erfc (1 / sqrt 2)) (erfc (sqrt 2)) (exp (1 / 2)) (exp 2).
    intros a b e f D E.
    replace (sqrt 2 / sqrt PI / (a * e - 1)) with
      (sqrt (2 / PI) / (a * e - 1)) by (now rewrite sqrt_div_alt).
    replace ((- (sqrt (2 / PI) / (a * e - 1))) ^ 2)
      with (2 / PI / (a * e - 1) ^ 2).
    - field. lra.
    - rewrite <- (pow2_sqrt (2 / PI)) at 1
        by (apply Rlt_le, Rdiv_lt_0_compat; lra). field. lra. }
  rewrite HM, HS. f_equal. ring.
Qed.
