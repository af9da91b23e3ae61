(* SPDX-License-Identifier: GPL-3.0-or-later *)
(* erf: its derivative, and its limits by the integral of exp(-t^2). *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Selfnorm Require Import Statements.
Open Scope R_scope.

Lemma is_derive_eq (f : R -> R) (x d e : R) :
  is_derive f x d -> d = e -> is_derive f x e.
Proof. intros H <-. exact H. Qed.

Definition bell (t : R) : R := exp (- (t * t)).

Lemma bell_continuous t : continuous bell t.
Proof.
  apply (ex_derive_continuous bell). unfold bell. auto_derive. easy.
Qed.

Lemma ex_RInt_bell a b : ex_RInt bell a b.
Proof.
  apply (ex_RInt_continuous (V := R_CompleteNormedModule)).
  intros; apply bell_continuous.
Qed.

Lemma is_derive_RInt_bell x : is_derive (RInt bell 0) x (bell x).
Proof.
  apply (is_derive_RInt bell (RInt bell 0) 0 x).
  - exists (mkposreal _ Rlt_0_1). intros. apply (RInt_correct bell).
    apply ex_RInt_bell.
  - apply bell_continuous.
Qed.

Lemma sqrt_PI_pos : 0 < sqrt PI.
Proof. apply sqrt_lt_R0, PI_RGT_0. Qed.

Lemma is_derive_erf x : is_derive erf x (2 / sqrt PI * bell x).
Proof.
  apply (is_derive_scal (RInt bell 0)). apply is_derive_RInt_bell.
Qed.

Lemma is_derive_erfc x : is_derive erfc x (- (2 / sqrt PI * bell x)).
Proof.
  eapply is_derive_eq.
  - apply (is_derive_minus (fun _ => 1) erf);
      [apply @is_derive_const | apply is_derive_erf].
  - unfold minus, plus, opp, zero; simpl; ring.
Qed.

Lemma erf_bell x : erf x = 2 / sqrt PI * RInt bell 0 x.
Proof. reflexivity. Qed.

Lemma erf_incr x y : x <= y -> erf x <= erf y.
Proof.
  intros H. rewrite !erf_bell.
  apply Rmult_le_compat_l.
  - apply Rlt_le, Rdiv_lt_0_compat; [lra | apply sqrt_PI_pos].
  - rewrite <- (RInt_Chasles bell 0 x y); try apply ex_RInt_bell.
    assert (P : 0 <= RInt bell x y).
    { apply RInt_ge_0; auto. apply ex_RInt_bell.
      intros; apply Rlt_le, exp_pos. }
    unfold plus; simpl. lra.
Qed.

Lemma erfc_decr x y : x <= y -> erfc y <= erfc x.
Proof. intros H; unfold erfc. pose proof (erf_incr x y H). lra. Qed.

Lemma RInt_bell_opp x : RInt bell 0 (- x) = - RInt bell 0 x.
Proof.
  assert (H : is_RInt (fun y => opp (bell (- y))) 0 (- x) (RInt bell 0 x)).
  { apply (is_RInt_comp_opp bell 0 (- x)). replace (- 0) with 0 by ring.
    replace (- - x) with x by ring. apply (RInt_correct bell).
    apply ex_RInt_bell. }
  apply (is_RInt_opp (V := R_NormedModule)) in H.
  apply is_RInt_unique.
  apply (is_RInt_ext (fun y : R => opp (opp (bell (- y))))).
  - intros y _. unfold opp, bell; simpl.
    replace (- y * - y) with (y * y) by ring. ring.
  - exact H.
Qed.

Lemma erf_opp x : erf (- x) = - erf x.
Proof.
  rewrite !erf_bell, RInt_bell_opp. ring.
Qed.

(* ---- the integral over all t ------------------------------------------ *)

(*
 * With A(x) the integral of the bell and B(x) that of
 * exp(-x^2 (1 + t^2))/(1 + t^2) from 0 to 1, A^2 + B has the derivative 0.
 *)
Definition slice (x t : R) : R :=
  exp (- (x * x * (1 + t * t))) / (1 + t * t).
Definition slice_x (x t : R) : R :=
  - 2 * x * exp (- (x * x * (1 + t * t))).

Lemma square_pos t : 0 < 1 + t * t.
Proof. pose proof (Rle_0_sqr t) as H. unfold Rsqr in H. lra. Qed.

Lemma is_derive_slice x t : is_derive (fun u => slice u t) x (slice_x x t).
Proof.
  pose proof (square_pos t). unfold slice, slice_x. auto_derive; [lra |].
  field. lra.
Qed.

Lemma Derive_slice x t : Derive (fun u => slice u t) x = slice_x x t.
Proof. apply is_derive_unique, is_derive_slice. Qed.

Lemma slice_continuous x t : continuous (slice x) t.
Proof.
  apply (ex_derive_continuous (slice x)). unfold slice. auto_derive.
  pose proof (square_pos t). lra.
Qed.

Lemma ex_RInt_slice x a b : ex_RInt (slice x) a b.
Proof.
  apply (ex_RInt_continuous (V := R_CompleteNormedModule)).
  intros; apply slice_continuous.
Qed.

Lemma slice_x_2d x t : continuity_2d_pt slice_x x t.
Proof.
  unfold slice_x.
  apply (continuity_2d_pt_mult (fun u v => - 2 * u)).
  - apply continuity_2d_pt_mult.
    + apply continuity_2d_pt_const.
    + apply continuity_2d_pt_id1.
  - apply (continuity_1d_2d_pt_comp exp
             (fun u v => - (u * u * (1 + v * v)))).
    + apply derivable_continuous, derivable_exp.
    + apply continuity_2d_pt_opp.
      apply (continuity_2d_pt_mult (fun u v => u * u)).
      * apply continuity_2d_pt_mult; apply continuity_2d_pt_id1.
      * apply continuity_2d_pt_plus; [apply continuity_2d_pt_const |].
        apply continuity_2d_pt_mult; apply continuity_2d_pt_id2.
Qed.

Lemma RInt_slice_x x :
  RInt (slice_x x) 0 1 = - 2 * bell x * RInt bell 0 x.
Proof.
  assert (H : is_RInt (fun t => scal x (bell (x * t + 0))) 0 1
                (RInt bell (x * 0 + 0) (x * 1 + 0))).
  { apply (is_RInt_comp_lin bell). apply (RInt_correct bell).
    apply ex_RInt_bell. }
  replace (x * 0 + 0) with 0 in H by ring.
  replace (x * 1 + 0) with x in H by ring.
  apply is_RInt_unique.
  apply (is_RInt_ext
           (fun t => scal (- 2 * bell x) (scal x (bell (x * t + 0))))).
  - intros t _. unfold scal, slice_x, bell; simpl. unfold mult; simpl.
    replace (- (x * x * (1 + t * t)))
      with (- (x * x) + - ((x * t + 0) * (x * t + 0))) by ring.
    rewrite exp_plus. ring.
  - apply (is_RInt_scal (V := R_NormedModule)). exact H.
Qed.

Lemma is_derive_RInt_slice x :
  is_derive (fun x => RInt (slice x) 0 1) x (- 2 * bell x * RInt bell 0 x).
Proof.
  rewrite <- RInt_slice_x.
  replace (RInt (slice_x x) 0 1)
    with (RInt (fun t => Derive (fun u => slice u t) x) 0 1).
  - apply is_derive_RInt_param.
    + exists (mkposreal _ Rlt_0_1). intros y _ t _.
      eexists; apply is_derive_slice.
    + intros t _. apply (continuity_2d_pt_ext slice_x).
      * intros; symmetry; apply Derive_slice.
      * apply slice_x_2d.
    + exists (mkposreal _ Rlt_0_1). intros; apply ex_RInt_slice.
  - apply RInt_ext. intros; apply Derive_slice.
Qed.

Lemma RInt_slice_0 : RInt (slice 0) 0 1 = PI / 4.
Proof.
  replace (PI / 4) with (atan 1 - atan 0)
    by (rewrite atan_1, atan_0; ring).
  apply is_RInt_unique.
  apply (is_RInt_ext (fun t => / (1 + t ^ 2))).
  - intros t _. unfold slice. rewrite !Rmult_0_l, Ropp_0, exp_0.
    replace (t ^ 2) with (t * t) by ring.
    symmetry. apply Rmult_1_l.
  - apply (is_RInt_derive (V := R_CompleteNormedModule) atan).
    + intros t _. auto_derive; [easy |]. rewrite Rmult_1_l. easy.
    + intros t _. apply (ex_derive_continuous (fun t => / (1 + t ^ 2))).
      auto_derive. pose proof (square_pos t). lra.
Qed.

Lemma bell_square x :
  RInt bell 0 x ^ 2 + RInt (slice x) 0 1 = PI / 4.
Proof.
  pose (f := fun x => RInt bell 0 x ^ 2 + RInt (slice x) 0 1).
  assert (D : forall t, is_derive f t 0).
  { intros t. unfold f.
    apply (is_derive_eq _ _ (2 * bell t * RInt bell 0 t
                             + - 2 * bell t * RInt bell 0 t)); [| ring].
    apply @is_derive_plus; [| apply is_derive_RInt_slice].
    apply (is_derive_ext (fun y => RInt bell 0 y * RInt bell 0 y)).
    - intros; simpl; ring.
    - eapply is_derive_eq.
      + apply (is_derive_mult (RInt bell 0) (RInt bell 0));
          [apply is_derive_RInt_bell .. | apply Rmult_comm].
      + unfold plus, mult; simpl; ring. }
  change (f x = PI / 4). replace (PI / 4) with (f 0).
  - destruct (MVT_gen f 0 x (fun _ => 0)) as [c [_ H]].
    + intros; apply D.
    + intros t _. apply derivable_continuous_pt.
      exists 0. apply is_derive_Reals, D.
    + lra.
  - unfold f. rewrite RInt_slice_0, RInt_point. unfold zero; simpl. ring.
Qed.

Lemma RInt_slice_bounds x : 0 <= RInt (slice x) 0 1 <= bell x.
Proof.
  assert (P : forall t, 0 <= slice x t <= bell x).
  { intros t. pose proof (square_pos t). unfold slice, bell.
    pose proof (exp_pos (- (x * x * (1 + t * t)))).
    assert (exp (- (x * x * (1 + t * t))) <= exp (- (x * x))).
    { pose proof (Rle_0_sqr (x * t)) as Q. unfold Rsqr in Q.
      destruct (Rle_lt_or_eq_dec 0 (x * t * (x * t)) Q).
      - apply Rlt_le, exp_increasing. lra.
      - apply Req_le. f_equal. lra. }
    split.
    - apply Rlt_le, Rdiv_lt_0_compat; lra.
    - apply (Rmult_le_reg_r (1 + t * t)); [lra |].
      unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
      pose proof (exp_pos (- (x * x))).
      pose proof (Rle_0_sqr t) as Q. unfold Rsqr in Q.
      apply (Rle_trans _ _ _ H1). nra. }
  split.
  - apply RInt_ge_0; [lra | apply ex_RInt_slice |]. intros; apply P.
  - replace (bell x) with (RInt (fun _ => bell x) 0 1).
    + apply RInt_le; [lra | apply ex_RInt_slice | apply ex_RInt_const |].
      intros; apply P.
    + rewrite RInt_const. unfold scal; simpl. unfold mult; simpl. ring.
Qed.

(* exp(-x^2) < 1/(1 + x^2), which does for all limits below. *)
Lemma bell_small x : bell x <= / (1 + x * x).
Proof.
  unfold bell. rewrite exp_Ropp.
  apply Rinv_le_contravar; [apply square_pos |].
  pose proof (Rle_0_sqr x) as H. unfold Rsqr in H.
  destruct (Rle_lt_or_eq_dec 0 (x * x) H).
  - apply Rlt_le, exp_ineq1. lra.
  - rewrite <- e, exp_0. lra.
Qed.

Lemma erf_square x : 0 <= 1 - erf x ^ 2 <= 4 / PI * bell x.
Proof.
  pose proof (bell_square x) as E. pose proof (RInt_slice_bounds x) as B.
  assert (S : sqrt PI * sqrt PI = PI)
    by (apply sqrt_sqrt, Rlt_le, PI_RGT_0).
  pose proof sqrt_PI_pos. pose proof PI_RGT_0.
  replace (1 - erf x ^ 2) with (4 / PI * RInt (slice x) 0 1).
  - split.
    + apply Rmult_le_pos; [apply Rlt_le, Rdiv_lt_0_compat |]; lra.
    + apply Rmult_le_compat_l; [apply Rlt_le, Rdiv_lt_0_compat |]; lra.
  - rewrite erf_bell.
    replace (RInt (slice x) 0 1) with (PI / 4 - RInt bell 0 x ^ 2) by lra.
    revert S H. generalize (sqrt PI). intros r S H. rewrite <- S.
    field. lra.
Qed.

Lemma erf_nonneg x : 0 <= x -> 0 <= erf x.
Proof.
  intros H. replace 0 with (erf 0); [now apply erf_incr |].
  rewrite erf_bell, RInt_point. unfold zero; simpl. ring.
Qed.

Lemma erfc_small x : 0 <= x -> 0 <= erfc x <= 4 / PI / (1 + x * x).
Proof.
  intros H. pose proof (erf_nonneg x H). pose proof (erf_square x).
  assert (4 / PI * bell x <= 4 / PI / (1 + x * x)).
  { apply Rmult_le_compat_l; [| apply bell_small].
    apply Rlt_le, Rdiv_lt_0_compat; [lra | apply PI_RGT_0]. }
  unfold erfc. nra.
Qed.

(* ---- limits ----------------------------------------------------------- *)

Lemma is_lim_squeeze_0 (f : R -> R) k :
  (forall x, 1 < x -> Rabs (f x) <= k * / x) -> is_lim f p_infty 0.
Proof.
  intros B.
  assert (L : is_lim (fun x => k * / x) p_infty 0).
  { replace (Finite 0) with (Rbar_mult k 0)
      by (simpl; f_equal; ring).
    apply is_lim_scal_l.
    apply (is_lim_inv (fun x => x) p_infty p_infty); [| easy].
    apply is_lim_id. }
  apply (is_lim_le_le_loc (fun x => - (k * / x)) (fun x => k * / x)).
  - exists 1. intros x H. specialize (B x H).
    apply Rabs_le_between in B. lra.
  - replace (Finite 0) with (Rbar_opp 0) by (simpl; f_equal; ring).
    apply is_lim_opp, L.
  - exact L.
Qed.

Lemma square_inv x : 1 < x -> 0 < / (1 + x * x) /\ x * / (1 + x * x) <= / x.
Proof.
  intros H. pose proof (square_pos x) as P.
  assert (0 < / (1 + x * x)) by (apply Rinv_0_lt_compat, P).
  split; [easy |].
  apply (Rmult_le_reg_l x); [lra |]. rewrite Rinv_r by lra.
  assert (E : (1 + x * x) * / (1 + x * x) = 1) by (apply Rinv_r; lra).
  nra.
Qed.

Lemma lim_bell : is_lim bell p_infty 0.
Proof.
  apply (is_lim_squeeze_0 _ 1). intros x H.
  pose proof (bell_small x). destruct (square_inv x H).
  rewrite Rabs_pos_eq by apply Rlt_le, exp_pos. nra.
Qed.

Lemma lim_linear_bell : is_lim (fun x => x * bell x) p_infty 0.
Proof.
  apply (is_lim_squeeze_0 _ 1). intros x H.
  pose proof (bell_small x). destruct (square_inv x H).
  pose proof (exp_pos (- (x * x))) as P. fold (bell x) in P.
  rewrite Rabs_pos_eq by nra. nra.
Qed.

Lemma lim_erfc : is_lim erfc p_infty 0.
Proof.
  apply (is_lim_squeeze_0 _ (4 / PI)). intros x H.
  destruct (erfc_small x); [lra |]. destruct (square_inv x H).
  rewrite Rabs_pos_eq by easy.
  apply (Rle_trans _ _ _ H1). apply Rmult_le_compat_l; [| nra].
  apply Rlt_le, Rdiv_lt_0_compat; [lra | apply PI_RGT_0].
Qed.

Lemma lim_erf : is_lim erf p_infty 1.
Proof.
  apply (is_lim_ext (fun x => 1 - erfc x)).
  - intros; unfold erfc; ring.
  - replace (Finite 1) with (Finite (1 - 0)) by (f_equal; ring).
    apply is_lim_minus'; [apply is_lim_const | apply lim_erfc].
Qed.
