(* SPDX-License-Identifier: GPL-3.0-or-later *)
(* Theorem 1 by Banach's theorem; then all statements, and their axioms. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Selfnorm Require Import Statements Moments Derivatives Constants.
From Selfnorm Require Import Banach Contraction.
Open Scope R_scope.

Lemma layers_orbit n omega tau p :
  layers n omega tau p = orbit (g omega tau) n p.
Proof. induction n; simpl; congruence. Qed.

Lemma rate_range : 0 <= rate < 1.
Proof. unfold rate. lra. Qed.

Lemma image_inside p : in_image p -> in_domain p.
Proof. unfold in_image, in_domain. lra. Qed.

Lemma rate_converges (u : nat -> R) (l d : R) :
  (forall n, Rabs (u n - l) <= rate ^ n * d) -> is_lim_seq u l.
Proof.
  intros B.
  assert (Z : is_lim_seq (fun n => rate ^ n * d) 0).
  { replace (Finite 0) with (Rbar_mult 0 d) by (simpl; f_equal; ring).
    apply is_lim_seq_scal_r, is_lim_seq_geom.
    pose proof rate_range. rewrite Rabs_pos_eq; lra. }
  apply (is_lim_seq_ext (fun n => l + (u n - l))); [intros; ring |].
  replace (Finite l) with (Finite (l + 0)) by (f_equal; ring).
  apply is_lim_seq_plus'; [apply is_lim_seq_const |].
  apply is_lim_seq_abs_0.
  apply (is_lim_seq_le_le (fun _ => 0) _ (fun n => rate ^ n * d)).
  - intros n. split; [apply Rabs_pos | apply B].
  - apply is_lim_seq_const.
  - exact Z.
Qed.

Theorem theorem1_proved : statement_theorem1.
Proof.
  intros omega tau W.
  assert (I : forall p, in_domain p -> in_domain (g omega tau p))
    by (intros; now apply image_inside, lemma13_proved).
  assert (C : forall p q, in_domain p -> in_domain q ->
    distance (g omega tau p) (g omega tau q) <= rate * distance p q)
    by (intros; now apply contraction_proved).
  destruct (fixed_point_exists (-0.1) 0.1 0.8 1.5 rate (g omega tau)
              rate_range I C (0, 1)) as [fixed [F E]].
  { unfold inside; simpl; lra. }
  exists fixed. refine (conj _ (conj E (conj _ _))).
  - rewrite <- E. now apply lemma13_proved.
  - intros p P Q. apply distance_0. pose proof (C p fixed P F) as D.
    rewrite Q, E in D. pose proof (distance_pos p fixed).
    unfold rate in D. lra.
  - intros p P.
    assert (O : forall n, distance (layers n omega tau p) fixed
                          <= rate ^ n * distance p fixed).
    { intros n. rewrite layers_orbit.
      assert (S : orbit (g omega tau) n fixed = fixed)
        by (induction n; simpl; congruence).
      rewrite <- S at 1.
      now apply (orbit_contracts (-0.1) 0.1 0.8 1.5 rate (g omega tau)
                   rate_range I C). }
    refine (conj _ (conj _ (conj _ O))).
    + intros n. rewrite layers_orbit.
      now apply (orbit_inside (-0.1) 0.1 0.8 1.5 (g omega tau) I).
    + apply (rate_converges _ _ (distance p fixed)). intros n.
      eapply Rle_trans; [| apply O]. apply coordinates.
    + apply (rate_converges _ _ (distance p fixed)). intros n.
      eapply Rle_trans; [| apply O]. apply coordinates.
Qed.

Theorem all_proved : statement_all.
Proof.
  exact (conj density_proved (conj moments_proved (conj constants_proved
          (conj fixed_proved (conj jacobian_proved (conj lemma13_proved
            (conj contraction_proved theorem1_proved))))))).
Qed.

Check (all_proved : statement_all).
Print Assumptions all_proved.
