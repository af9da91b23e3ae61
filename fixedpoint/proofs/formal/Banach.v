(* SPDX-License-Identifier: GPL-3.0-or-later *)
(* Banach's fixed point theorem on a closed rectangle of the plane. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Selfnorm Require Import Statements.
Open Scope R_scope.

Lemma coordinates p q :
  Rabs (fst p - fst q) <= distance p q /\
  Rabs (snd p - snd q) <= distance p q /\
  distance p q <= Rabs (fst p - fst q) + Rabs (snd p - snd q).
Proof.
  unfold distance. set (a := fst p - fst q). set (b := snd p - snd q).
  pose proof (pow2_ge_0 a). pose proof (pow2_ge_0 b).
  pose proof (Rabs_pos a). pose proof (Rabs_pos b).
  rewrite <- (pow2_abs a), <- (pow2_abs b) in *. repeat split.
  - rewrite <- (sqrt_pow2 (Rabs a)) at 1 by easy. apply sqrt_le_1; lra.
  - rewrite <- (sqrt_pow2 (Rabs b)) at 1 by easy. apply sqrt_le_1; lra.
  - rewrite <- (sqrt_pow2 (Rabs a + Rabs b)) by lra.
    apply sqrt_le_1; [lra | apply pow2_ge_0 | nra].
Qed.

Lemma distance_pos p q : 0 <= distance p q.
Proof. apply sqrt_pos. Qed.

Lemma distance_0 p q : distance p q <= 0 -> p = q.
Proof.
  intros D. destruct (coordinates p q) as [A [B _]].
  assert (fst p - fst q = 0).
  { apply Rabs_eq_0. pose proof (Rabs_pos (fst p - fst q)). lra. }
  assert (snd p - snd q = 0).
  { apply Rabs_eq_0. pose proof (Rabs_pos (snd p - snd q)). lra. }
  destruct p, q; simpl in *. f_equal; lra.
Qed.

Lemma geometric_converges (u : nat -> R) d k : 0 <= k < 1 ->
  (forall n, Rabs (u (S n) - u n) <= d * k ^ n) ->
  exists l : R, is_lim_seq u l.
Proof.
  intros K B.
  assert (E : ex_series (fun n => u (S n) - u n)).
  { apply (ex_series_le (K := R_AbsRing) (V := R_CompleteNormedModule)
             _ (fun n => d * k ^ n)).
    - exact B.
    - apply (ex_series_scal (K := R_AbsRing) (V := R_NormedModule) d
               (fun n => k ^ n)).
      apply ex_series_geom. rewrite Rabs_pos_eq; lra. }
  destruct E as [l E].
  exists (l + u O).
  apply is_lim_seq_incr_1.
  apply (is_lim_seq_ext (fun n => sum_n (fun n => u (S n) - u n) n + u O)).
  - induction n.
    + rewrite sum_O. simpl. ring.
    + rewrite sum_Sn. unfold plus; simpl. lra.
  - apply is_lim_seq_plus'; [exact E | apply is_lim_seq_const].
Qed.

Section rectangle.
Variables (a b c d k : R) (f : R * R -> R * R).
Definition inside (p : R * R) : Prop := a <= fst p <= b /\ c <= snd p <= d.
Hypothesis k_rate : 0 <= k < 1.
Hypothesis f_inside : forall p, inside p -> inside (f p).
Hypothesis f_contracts : forall p q, inside p -> inside q ->
  distance (f p) (f q) <= k * distance p q.

Fixpoint orbit (n : nat) (p : R * R) : R * R :=
  match n with O => p | S j => f (orbit j p) end.

Lemma orbit_inside n p : inside p -> inside (orbit n p).
Proof. intros P. induction n; simpl; auto. Qed.

Lemma orbit_contracts n p q : inside p -> inside q ->
  distance (orbit n p) (orbit n q) <= k ^ n * distance p q.
Proof.
  intros P Q. induction n; simpl; [lra |].
  eapply Rle_trans; [now apply f_contracts; apply orbit_inside |].
  rewrite Rmult_assoc. apply Rmult_le_compat_l; lra.
Qed.

Lemma orbit_step n p :
  inside p -> distance (orbit (S n) p) (orbit n p)
              <= distance (f p) p * k ^ n.
Proof.
  intros P. replace (orbit (S n) p) with (orbit n (f p)).
  - rewrite Rmult_comm. apply orbit_contracts; auto.
  - induction n; simpl in *; congruence.
Qed.

Theorem fixed_point_exists p : inside p -> exists q, inside q /\ f q = q.
Proof.
  intros P.
  destruct (geometric_converges (fun n => fst (orbit n p))
              (distance (f p) p) k) as [x X]; [easy | |].
  { intros n. destruct (coordinates (orbit (S n) p) (orbit n p)) as [A _].
    eapply Rle_trans; [apply A | now apply orbit_step]. }
  destruct (geometric_converges (fun n => snd (orbit n p))
              (distance (f p) p) k) as [y Y]; [easy | |].
  { intros n. destruct (coordinates (orbit (S n) p) (orbit n p)) as [_ [A _]].
    eapply Rle_trans; [apply A | now apply orbit_step]. }
  assert (I : inside (x, y)).
  { assert (O : forall n, inside (orbit n p))
      by (intros; now apply orbit_inside).
    assert (G : forall (u : nat -> R) (l e h : R), is_lim_seq u l ->
              (forall n, e <= u n <= h) -> e <= l <= h).
    { intros u l e h L B. split.
      - apply (is_lim_seq_le (fun _ => e) u e l);
          [apply B | apply is_lim_seq_const | exact L].
      - apply (is_lim_seq_le u (fun _ => h) l h);
          [apply B | exact L | apply is_lim_seq_const]. }
    split; simpl.
    - apply (G _ _ _ _ X). intros n. apply O.
    - apply (G _ _ _ _ Y). intros n. apply O. }
  exists (x, y). split; [exact I |].
  (* how far q is from being fixed, bounded by what goes to 0 *)
  pose (e := fun n => Rabs (fst (orbit n p) - x)
                      + Rabs (snd (orbit n p) - y)).
  assert (E : is_lim_seq e 0).
  { assert (Z : forall (u : nat -> R) (l : R), is_lim_seq u l ->
              is_lim_seq (fun n => Rabs (u n - l)) 0).
    { intros u l L. rewrite <- Rabs_R0.
      apply (is_lim_seq_abs _ 0). replace (Finite 0) with (Finite (l - l))
        by (f_equal; ring).
      apply is_lim_seq_minus'; [exact L | apply is_lim_seq_const]. }
    replace (Finite 0) with (Finite (0 + 0)) by (f_equal; ring).
    apply is_lim_seq_plus'; [now apply Z | now apply Z]. }
  apply distance_0.
  apply (is_lim_seq_le (fun _ => distance (f (x, y)) (x, y))
           (fun n => (2 * e n + e (S n)))
           (Finite (distance (f (x, y)) (x, y))) (Finite 0)).
  - intros n.
    destruct (coordinates (f (x, y)) (x, y)) as [_ [_ D]].
    destruct (coordinates (f (x, y)) (f (orbit n p))) as [A [B _]].
    assert (C := f_contracts (x, y) (orbit n p) I (orbit_inside n p P)).
    destruct (coordinates (x, y) (orbit n p)) as [_ [_ F]].
    pose proof (distance_pos (x, y) (orbit n p)).
    unfold e. simpl fst in *; simpl snd in *.
    rewrite (Rabs_minus_sym x), (Rabs_minus_sym y) in F.
    pose proof (Rabs_triang (fst (f (x, y)) - fst (f (orbit n p)))
                  (fst (f (orbit n p)) - x)) as T1.
    pose proof (Rabs_triang (snd (f (x, y)) - snd (f (orbit n p)))
                  (snd (f (orbit n p)) - y)) as T2.
    replace (fst (f (x, y)) - fst (f (orbit n p))
             + (fst (f (orbit n p)) - x)) with (fst (f (x, y)) - x)
      in T1 by ring.
    replace (snd (f (x, y)) - snd (f (orbit n p))
             + (snd (f (orbit n p)) - y)) with (snd (f (x, y)) - y)
      in T2 by ring.
    nra.
  - apply is_lim_seq_const.
  - replace (Finite 0) with (Finite (2 * 0 + 0)) by (f_equal; ring).
    apply is_lim_seq_plus'.
    + apply (is_lim_seq_scal_l e 2 0), E.
    + now apply (is_lim_seq_incr_1 e).
Qed.

End rectangle.
