(* SPDX-License-Identifier: GPL-3.0-or-later *)
(*
 * From bounds on boxes of (m, v) = (mu omega, nu tau) to Lemma 13 and to the
 * contraction of Lemma 12 and eq. 17, by the mean value theorem on segments.
 *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Selfnorm Require Import Statements Gaussian Moments Derivatives.
From Selfnorm Require Import Enclosure Banach.
From Selfnorm Require Near Middle Far MeanM MeanV SecondM SecondV.
From Selfnorm Require MeanLow MeanHigh SecondLow SecondHigh.
Open Scope R_scope.

(* ---- along a segment -------------------------------------------------- *)

(* f has at t in [0, 1] the derivative d t. *)
Lemma segment (f d : R -> R) :
  (forall t, 0 <= t <= 1 -> is_derive f t (d t)) ->
  exists t, 0 <= t <= 1 /\ f 1 - f 0 = d t.
Proof.
  intros D.
  destruct (MVT_gen f 0 1 d) as [t [T E]].
  - rewrite Rmin_left, Rmax_right by lra. intros t T. apply D. lra.
  - rewrite Rmin_left, Rmax_right by lra. intros t T.
    apply derivable_continuous_pt. exists (d t).
    apply is_derive_Reals, D. lra.
  - rewrite Rmin_left, Rmax_right in T by lra. exists t. split; [lra |].
    rewrite E. ring.
Qed.

Section along.
Variables (m0 v0 m1 v1 : R).
Hypothesis v0_pos : 0 < v0.
Hypothesis v1_pos : 0 < v1.
Let m t := m0 + t * (m1 - m0).
Let v t := v0 + t * (v1 - v0).

Lemma v_along t : 0 <= t <= 1 -> 0 < v t.
Proof. intros T. unfold v. nra. Qed.

Lemma mean_along t : 0 <= t <= 1 ->
  is_derive (fun t => mean01 (m t) (v t)) t
    (slope_M_m (m t) (v t) * (m1 - m0) + slope_M_v (m t) (v t) * (v1 - v0)).
Proof. intros T. apply is_derive_mean. now apply v_along. Qed.

Lemma second_along t : 0 <= t <= 1 ->
  is_derive (fun t => second01 (m t) (v t)) t
    (slope_S_m (m t) (v t) * (m1 - m0) + slope_S_v (m t) (v t) * (v1 - v0)).
Proof. intros T. apply is_derive_second. now apply v_along. Qed.

Lemma variance_along t : 0 <= t <= 1 ->
  is_derive (fun t => variance01 (m t) (v t)) t
    (slope_V_m (m t) (v t) * (m1 - m0) + slope_V_v (m t) (v t) * (v1 - v0)).
Proof.
  intros T. assert (HM := mean_along t T). assert (HS := second_along t T).
  unfold variance01, slope_V_m, slope_V_v. eapply is_derive_eq.
  - apply (is_derive_minus (fun t => second01 (m t) (v t))
             (fun t => mean01 (m t) (v t) ^ 2)); [exact HS |].
    apply (is_derive_pow (fun t => mean01 (m t) (v t)) 2 t), HM.
  - unfold minus, plus, opp; simpl. ring.
Qed.

Lemma at_1 (f : R -> R -> R) : f (m 1) (v 1) = f m1 v1.
Proof. unfold m, v. f_equal; ring. Qed.
Lemma at_0 (f : R -> R -> R) : f (m 0) (v 0) = f m0 v0.
Proof. unfold m, v. f_equal; ring. Qed.
End along.

(* ---- Lemma 13 --------------------------------------------------------- *)

Definition in_rectangle (m v : R) : Prop :=
  -0.01 <= m <= 0.01 /\ 0.76 <= v <= 1.65.

Lemma convex m0 v0 m1 v1 t : 0 <= t <= 1 ->
  in_rectangle m0 v0 -> in_rectangle m1 v1 ->
  in_rectangle (m0 + t * (m1 - m0)) (v0 + t * (v1 - v0)).
Proof. unfold in_rectangle. intros T P Q. nra. Qed.

(* f grows with m and with v. *)
Lemma grows (f s_m s_v : R -> R -> R) m0 v0 m1 v1 :
  (forall t, 0 <= t <= 1 ->
    is_derive (fun t => f (m0 + t * (m1 - m0)) (v0 + t * (v1 - v0))) t
      (s_m (m0 + t * (m1 - m0)) (v0 + t * (v1 - v0)) * (m1 - m0)
       + s_v (m0 + t * (m1 - m0)) (v0 + t * (v1 - v0)) * (v1 - v0))) ->
  (forall m v, in_rectangle m v -> 0 < s_m m v) ->
  (forall m v, in_rectangle m v -> 0 < s_v m v) ->
  in_rectangle m0 v0 -> in_rectangle m1 v1 -> m0 <= m1 -> v0 <= v1 ->
  f m0 v0 <= f m1 v1.
Proof.
  intros D A B P Q M V. destruct (segment _ _ D) as [t [T E]].
  rewrite at_1, at_0 in E.
  assert (C := convex m0 v0 m1 v1 t T P Q).
  specialize (A _ _ C). specialize (B _ _ C). nra.
Qed.

Lemma mean_grows m0 v0 m1 v1 : in_rectangle m0 v0 -> in_rectangle m1 v1 ->
  m0 <= m1 -> v0 <= v1 -> mean01 m0 v0 <= mean01 m1 v1.
Proof.
  intros P Q. apply (grows _ slope_M_m slope_M_v); [| | | easy | easy].
  - apply mean_along; unfold in_rectangle in *; lra.
  - intros m v [M V]. now apply MeanM.all.
  - intros m v [M V]. now apply MeanV.all.
Qed.

Lemma second_grows m0 v0 m1 v1 : in_rectangle m0 v0 -> in_rectangle m1 v1 ->
  m0 <= m1 -> v0 <= v1 -> second01 m0 v0 <= second01 m1 v1.
Proof.
  intros P Q. apply (grows _ slope_S_m slope_S_v); [| | | easy | easy].
  - apply second_along; unfold in_rectangle in *; lra.
  - intros m v [M V]. now apply SecondM.all.
  - intros m v [M V]. now apply SecondV.all.
Qed.

Lemma image m v : in_rectangle m v ->
  -0.03107 < mean01 m v < 0.06773 /\ 0.80008 < variance01 m v < 1.48617.
Proof.
  intros I. assert (I' := I). destruct I' as [[A B] [C D]].
  assert (L : in_rectangle (-0.01) 0.76) by (unfold in_rectangle; lra).
  assert (H : in_rectangle 0.01 1.65) by (unfold in_rectangle; lra).
  pose proof (mean_grows _ _ _ _ L I A C).
  pose proof (mean_grows _ _ _ _ I H B D).
  pose proof (second_grows _ _ _ _ L I A C).
  pose proof (second_grows _ _ _ _ I H B D).
  assert (-0.03107 < mean01 (-0.01) 0.76) by (apply MeanLow.all; lra).
  assert (mean01 0.01 1.65 < 0.06773) by (apply MeanHigh.all; lra).
  assert (0.80467 < second01 (-0.01) 0.76) by (apply SecondLow.all; lra).
  assert (second01 0.01 1.65 < 1.48617) by (apply SecondHigh.all; lra).
  unfold variance01. nra.
Qed.

(* ---- the map in (m, v) ------------------------------------------------ *)

Lemma g_eq omega tau p : 0 < snd p * tau ->
  g omega tau p = (mean01 (fst p * omega) (snd p * tau),
                   variance01 (fst p * omega) (snd p * tau)).
Proof.
  intros P. unfold g, variance, variance01, mean01, second01.
  now rewrite mean_eq, second_eq.
Qed.

Lemma rectangle_of omega tau p : weights_in_domain omega tau ->
  in_domain p -> in_rectangle (fst p * omega) (snd p * tau).
Proof.
  unfold weights_in_domain, in_domain, in_rectangle. intros W P. nra.
Qed.

Theorem lemma13_proved : statement_lemma13.
Proof.
  intros omega tau p W P. assert (I := rectangle_of omega tau p W P).
  rewrite g_eq by (unfold in_rectangle in I; lra).
  apply image, I.
Qed.

(* ---- the contraction -------------------------------------------------- *)

Lemma square_le x y b : -b <= x <= b -> 0 <= y -> x ^ 2 * y <= b ^ 2 * y.
Proof. intros. apply Rmult_le_compat_r; [easy |]. nra. Qed.

(* The Frobenius norm of the Jacobian of g, squared. *)
Lemma norm_bound omega tau nu m : weights_in_domain omega tau ->
  0.8 <= nu <= 1.5 -> -0.01 <= m <= 0.01 ->
  omega ^ 2 * (slope_M_m m (nu * tau) ^ 2 + slope_V_m m (nu * tau) ^ 2)
  + tau ^ 2 * (slope_M_v m (nu * tau) ^ 2 + slope_V_v m (nu * tau) ^ 2)
  <= rate ^ 2.
Proof.
  intros [W T] H I. unfold rate.
  set (v := nu * tau).
  assert (Hv : 0.76 <= v <= 1.65) by (unfold v; nra).
  assert (K : forall t, 0 <= tau <= t -> frobenius m v t < 0.9025 ->
    omega ^ 2 * (slope_M_m m v ^ 2 + slope_V_m m v ^ 2)
    + tau ^ 2 * (slope_M_v m v ^ 2 + slope_V_v m v ^ 2) <= 0.95 ^ 2).
  { intros t Ht F. unfold frobenius in F.
    assert (P : forall x y : R, 0 <= x ^ 2 + y ^ 2) by (intros; nra).
    pose proof (square_le omega _ 0.1 ltac:(lra)
                  (P (slope_M_m m v) (slope_V_m m v))).
    pose proof (square_le tau _ t ltac:(lra)
                  (P (slope_M_v m v) (slope_V_v m v))).
    lra. }
  destruct (Rle_dec v 0.88).
  - apply (K (v / 0.8)).
    + unfold v. split; [lra |]. nra.
    + apply Near.all; lra.
  - apply (K 1.1); [lra |]. destruct (Rle_dec v 1.1).
    + apply Middle.all; lra.
    + apply Far.all; lra.
Qed.

Lemma cauchy a b c d : (a * c + b * d) ^ 2
  <= (a ^ 2 + b ^ 2) * (c ^ 2 + d ^ 2).
Proof. pose proof (pow2_ge_0 (a * d - b * c)). nra. Qed.

Theorem contraction_proved : statement_contraction.
Proof.
  intros omega tau p q W P Q.
  assert (Ip := rectangle_of omega tau p W P).
  assert (Iq := rectangle_of omega tau q W Q).
  rewrite !g_eq by (unfold in_rectangle in *; lra).
  destruct p as [mu1 nu1], q as [mu0 nu0]. simpl fst in *; simpl snd in *.
  set (m1 := mu1 * omega) in *. set (v1 := nu1 * tau) in *.
  set (m0 := mu0 * omega) in *. set (v0 := nu0 * tau) in *.
  unfold distance; simpl fst; simpl snd.
  set (a := mean01 m1 v1 - mean01 m0 v0).
  set (b := variance01 m1 v1 - variance01 m0 v0).
  assert (V0 : 0 < v0) by (unfold in_rectangle in Iq; lra).
  assert (V1 : 0 < v1) by (unfold in_rectangle in Ip; lra).
  (* the mean value theorem for the inner product of (a, b) with g *)
  destruct (segment
    (fun t => a * mean01 (m0 + t * (m1 - m0)) (v0 + t * (v1 - v0))
              + b * variance01 (m0 + t * (m1 - m0)) (v0 + t * (v1 - v0)))
    (fun t => let m := m0 + t * (m1 - m0) in let v := v0 + t * (v1 - v0) in
       a * (slope_M_m m v * (m1 - m0) + slope_M_v m v * (v1 - v0))
       + b * (slope_V_m m v * (m1 - m0) + slope_V_v m v * (v1 - v0))))
    as [t [T E]].
  { intros t T. simpl.
    apply (is_derive_plus (V := R_NormedModule)).
    - apply (is_derive_scal
        (fun t => mean01 (m0 + t * (m1 - m0)) (v0 + t * (v1 - v0)))).
      now apply mean_along.
    - apply (is_derive_scal
        (fun t => variance01 (m0 + t * (m1 - m0)) (v0 + t * (v1 - v0)))).
      now apply variance_along. }
  cbv zeta in E.
  rewrite (at_1 m0 v0 m1 v1 mean01), (at_1 m0 v0 m1 v1 variance01) in E.
  rewrite (at_0 m0 v0 m1 v1 mean01), (at_0 m0 v0 m1 v1 variance01) in E.
  set (nu := nu0 + t * (nu1 - nu0)) in *.
  replace (v0 + t * (v1 - v0)) with (nu * tau) in E
    by (unfold nu, v0, v1; ring).
  set (m := m0 + t * (m1 - m0)) in *.
  assert (B : omega ^ 2 * (slope_M_m m (nu * tau) ^ 2
                           + slope_V_m m (nu * tau) ^ 2)
              + tau ^ 2 * (slope_M_v m (nu * tau) ^ 2
                           + slope_V_v m (nu * tau) ^ 2) <= rate ^ 2).
  { apply norm_bound; [easy | |].
    - unfold in_domain in P, Q; simpl in P, Q. unfold nu. nra.
    - unfold in_rectangle in *. unfold m. nra. }
  revert E B.
  generalize (slope_M_m m (nu * tau)) (slope_V_m m (nu * tau))
    (slope_M_v m (nu * tau)) (slope_V_v m (nu * tau)).
  intros j11 j21 j12 j22 E B.
  replace (m1 - m0) with (omega * (mu1 - mu0)) in E
    by (unfold m0, m1; ring).
  replace (v1 - v0) with (tau * (nu1 - nu0)) in E
    by (unfold v0, v1; ring).
  set (x := mu1 - mu0) in *. set (y := nu1 - nu0) in *.
  assert (S : a ^ 2 + b ^ 2 = a * (omega * j11 * x + tau * j12 * y)
                              + b * (omega * j21 * x + tau * j22 * y)).
  { replace (a ^ 2 + b ^ 2) with (a * a + b * b) by ring.
    unfold a at 2. unfold b at 2. lra. }
  clearbody a b x y. clear - S B.
  (* |(a, b)|^2 <= |(a, b)| |J (x, y)|, |J (x, y)| <= |J| |(x, y)| *)
  set (c := omega * j11 * x + tau * j12 * y) in *.
  set (d := omega * j21 * x + tau * j22 * y) in *.
  assert (C1 : c ^ 2 <= ((omega * j11) ^ 2 + (tau * j12) ^ 2)
                        * (x ^ 2 + y ^ 2)) by (unfold c; apply cauchy).
  assert (C2 : d ^ 2 <= ((omega * j21) ^ 2 + (tau * j22) ^ 2)
                        * (x ^ 2 + y ^ 2)) by (unfold d; apply cauchy).
  pose proof (cauchy a b c d) as C3. rewrite <- S in C3.
  clearbody c d.
  assert (X : 0 <= x ^ 2 + y ^ 2) by nra.
  assert (A : 0 <= a ^ 2 + b ^ 2) by nra.
  assert (F : c ^ 2 + d ^ 2 <= rate ^ 2 * (x ^ 2 + y ^ 2)).
  { apply (Rmult_le_compat_r _ _ _ X) in B.
    eapply Rle_trans; [| exact B].
    eapply Rle_trans; [apply (Rplus_le_compat _ _ _ _ C1 C2) |].
    apply Req_le. ring. }
  assert (G : a ^ 2 + b ^ 2 <= rate ^ 2 * (x ^ 2 + y ^ 2)).
  { destruct (Req_dec (a ^ 2 + b ^ 2) 0) as [Z|Z].
    - rewrite Z. apply Rmult_le_pos; [apply pow2_ge_0 | easy].
    - apply (Rmult_le_reg_l (a ^ 2 + b ^ 2)); [lra |].
      eapply Rle_trans; [| apply Rmult_le_compat_l; [easy | exact F]].
      replace ((a ^ 2 + b ^ 2) * (a ^ 2 + b ^ 2))
        with ((a ^ 2 + b ^ 2) ^ 2) by ring. exact C3. }
  replace rate with (sqrt (rate ^ 2)) by (apply sqrt_pow2; unfold rate; lra).
  rewrite <- sqrt_mult by (try apply pow2_ge_0; easy).
  apply sqrt_le_1; [easy | | easy].
  apply Rmult_le_pos; [apply pow2_ge_0 | easy].
Qed.
