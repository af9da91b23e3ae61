(* SPDX-License-Identifier: GPL-3.0-or-later *)
(*
 * Expectations of polynomials and exponentials of a normal variable over the
 * half lines, and with them eqs. 4 and 5.
 *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Selfnorm Require Import Statements Gaussian.
Open Scope R_scope.

(* All primitives below are waves of u = (z - m)/s with s = sqrt(2 v). *)
Definition wave (a b c u : R) : R := a * erf u + (b + c * u) * bell u.
Definition wave' (a b c u : R) : R :=
  (2 / sqrt PI * a + c - 2 * u * (b + c * u)) * bell u.

Lemma is_derive_bell u : is_derive bell u (- 2 * u * bell u).
Proof. unfold bell. auto_derive; [easy | ring]. Qed.

Lemma is_derive_wave a b c u : is_derive (wave a b c) u (wave' a b c u).
Proof.
  unfold wave, wave'. auto_derive.
  - repeat split; eexists; [apply is_derive_erf | apply is_derive_bell].
  - change (fun x : R => erf x) with erf.
    change (fun x : R => bell x) with bell.
    rewrite (is_derive_unique _ _ _ (is_derive_erf u)).
    rewrite (is_derive_unique _ _ _ (is_derive_bell u)). ring.
Qed.

Lemma lim_wave a b c : is_lim (wave a b c) p_infty a.
Proof.
  replace (Finite a) with (Finite (a * 1 + (b * 0 + c * 0)))
    by (f_equal; ring).
  apply (is_lim_ext
           (fun u => a * erf u + (b * bell u + c * (u * bell u)))).
  - intros; unfold wave; ring.
  - repeat apply is_lim_plus'.
    + apply (is_lim_scal_l erf a p_infty 1), lim_erf.
    + apply (is_lim_scal_l bell b p_infty 0), lim_bell.
    + apply (is_lim_scal_l (fun u => u * bell u) c p_infty 0),
        lim_linear_bell.
Qed.

Lemma wave_opp a b c u : wave a b c (- u) = wave (- a) b (- c) u.
Proof.
  unfold wave. rewrite erf_opp. unfold bell.
  replace (- u * - u) with (u * u) by ring. ring.
Qed.

(* ---- primitives ------------------------------------------------------- *)

Section law.
Variables (m v : R).
Hypothesis v_pos : 0 < v.
Let s := sqrt (2 * v).

Lemma s_pos : 0 < s.
Proof. apply sqrt_lt_R0. lra. Qed.
Lemma s_square : s * s = 2 * v.
Proof. apply sqrt_sqrt. lra. Qed.

Definition unit_of z := / s * z + - (m / s).

Lemma unit_of_eq z : unit_of z = (z - m) / s.
Proof. unfold unit_of, Rdiv. ring. Qed.

Lemma density_bell z : density m v z = bell (unit_of z) / (s * sqrt PI).
Proof.
  pose proof s_pos. pose proof sqrt_PI_pos.
  rewrite unit_of_eq. unfold density, bell.
  replace (2 * PI * v) with (2 * v * PI) by ring.
  rewrite sqrt_mult by (try apply Rlt_le, PI_RGT_0; lra).
  fold s. rewrite <- s_square. f_equal. f_equal. field. lra.
Qed.

Lemma lim_unit_right a b c :
  is_lim (fun z => wave a b c (unit_of z)) p_infty a.
Proof.
  pose proof (Rinv_0_lt_compat s s_pos).
  apply (is_lim_comp_lin (wave a b c)); [| lra].
  replace (Rbar_plus (Rbar_mult (/ s) p_infty) (- (m / s)))
    with p_infty.
  - apply lim_wave.
  - simpl. destruct (Rle_dec 0 (/ s)) as [L|L]; [| exfalso; lra].
    destruct (Rle_lt_or_eq_dec 0 (/ s) L) as [P|P]; [easy | exfalso; lra].
Qed.

Lemma lim_unit_left a b c :
  is_lim (fun z => wave a b c (unit_of z)) m_infty (- a).
Proof.
  pose proof (Rinv_0_lt_compat s s_pos).
  apply (is_lim_ext (fun z => wave (- a) b (- c) (- / s * z + m / s))).
  - intros z. rewrite <- wave_opp. f_equal. unfold unit_of, Rdiv. ring.
  - apply (is_lim_comp_lin (wave (- a) b (- c))); [| lra].
    replace (Rbar_plus (Rbar_mult (- / s) m_infty) (m / s))
      with p_infty.
    + apply lim_wave.
    + simpl. destruct (Rle_dec 0 (- / s)) as [L|L]; [exfalso; lra | easy].
Qed.

Lemma is_derive_unit a b c z :
  is_derive (fun z => wave a b c (unit_of z)) z
    (wave' a b c (unit_of z) / s).
Proof.
  pose proof s_pos. eapply is_derive_eq.
  - apply (is_derive_comp (wave a b c) unit_of).
    + apply is_derive_wave.
    + unfold unit_of. auto_derive; [easy | reflexivity].
  - unfold scal; simpl. unfold mult; simpl. field. lra.
Qed.

Lemma continuous_unit a b c z :
  continuous (fun z => wave' a b c (unit_of z) / s) z.
Proof.
  apply (ex_derive_continuous (fun z => wave' a b c (unit_of z) / s)).
  unfold wave', unit_of, bell. auto_derive. easy.
Qed.

(* Where the integrand is a wave's derivative on a half line. *)
Lemma half_right f a b c :
  (forall z, 0 < z -> f z = wave' a b c (unit_of z) / s) ->
  is_RInt_gen f (at_point 0) (Rbar_locally p_infty)
    (a - wave a b c (unit_of 0)).
Proof.
  intros E.
  pose (F := fun z => wave a b c (unit_of z)).
  assert (D : forall z, Derive F z = wave' a b c (unit_of z) / s)
    by (intros; apply is_derive_unique, is_derive_unit).
  apply (is_RInt_gen_ext (Derive F)).
  - exists (fun x => x = 0) (fun x => 0 < x).
    + easy.
    + exists 0. easy.
    + intros x y -> Hy z [Hz _]. simpl in Hz.
      rewrite D, E; [easy |]. rewrite Rmin_left in Hz; lra.
  - apply is_RInt_gen_Derive.
    + apply filter_forall. intros _ z _. eexists. apply is_derive_unit.
    + apply filter_forall. intros _ z _.
      apply (continuous_ext (fun z => wave' a b c (unit_of z) / s)).
      * intros; symmetry; apply D.
      * apply continuous_unit.
    + intros P H. apply locally_singleton in H. exact H.
    + apply lim_unit_right.
Qed.

Lemma half_left f a b c :
  (forall z, z < 0 -> f z = wave' a b c (unit_of z) / s) ->
  is_RInt_gen f (Rbar_locally m_infty) (at_point 0)
    (wave a b c (unit_of 0) + a).
Proof.
  intros E.
  pose (F := fun z => wave a b c (unit_of z)).
  assert (D : forall z, Derive F z = wave' a b c (unit_of z) / s)
    by (intros; apply is_derive_unique, is_derive_unit).
  apply (is_RInt_gen_ext (Derive F)).
  - exists (fun x => x < 0) (fun x => x = 0).
    + exists 0. easy.
    + easy.
    + intros x y Hx -> z [_ Hz]. simpl in Hz.
      rewrite D, E; [easy |]. rewrite Rmax_right in Hz; lra.
  - replace (wave a b c (unit_of 0) + a)
      with (wave a b c (unit_of 0) - - a) by ring.
    apply is_RInt_gen_Derive.
    + apply filter_forall. intros _ z _. eexists. apply is_derive_unit.
    + apply filter_forall. intros _ z _.
      apply (continuous_ext (fun z => wave' a b c (unit_of z) / s)).
      * intros; symmetry; apply D.
      * apply continuous_unit.
    + apply lim_unit_left.
    + intros P H. apply locally_singleton in H. exact H.
Qed.

(* Polynomials of second degree times the density are such derivatives. *)
Lemma polynomial_wave p q r z :
  (p + q * z + r * z ^ 2) * density m v z
  = wave' ((p + q * m + r * (m ^ 2 + v)) / 2)
      (- (s * (q + 2 * m * r)) / (2 * sqrt PI)) (- v * r / sqrt PI)
      (unit_of z) / s.
Proof.
  pose proof s_pos as S. pose proof sqrt_PI_pos.
  rewrite density_bell. unfold wave'.
  replace z with (s * unit_of z + m) at 1 2
    by (rewrite unit_of_eq; field; lra).
  replace v with (s * s / 2) by (rewrite s_square; lra).
  field. lra.
Qed.

End law.

(* ---- over half lines -------------------------------------------------- *)

(*
 * All of g is made of these, with c = 0, 1, 2: E e^(cz) 1{z < 0}, and the
 * density at 0.
 *)
Definition X (c m v : R) : R :=
  exp (c * m + c ^ 2 * v / 2) * erfc ((m + c * v) / sqrt (2 * v)) / 2.
Definition N (m v : R) : R := density m v 0.

Lemma left_exp c m v : 0 < v ->
  is_RInt_gen (fun z => exp (c * z) * density m v z)
    (Rbar_locally m_infty) (at_point 0) (X c m v).
Proof.
  intros V.
  assert (S := s_pos v V). assert (Q := s_square v V).
  apply (is_RInt_gen_ext
    (fun z => scal (exp (c * m + c ^ 2 * v / 2))
                   (density (m + c * v) v z))).
  - apply filter_forall. intros _ z _. unfold scal; simpl.
    unfold mult; simpl. unfold density, Rdiv. rewrite <- !Rmult_assoc.
    f_equal. rewrite <- !exp_plus. f_equal. field. lra.
  - replace (X c m v) with (scal (exp (c * m + c ^ 2 * v / 2))
                                 (erfc ((m + c * v) / sqrt (2 * v)) / 2)).
    + apply (is_RInt_gen_scal (V := R_NormedModule)).
      replace (erfc ((m + c * v) / sqrt (2 * v)) / 2)
        with (wave (1 / 2) 0 0 (unit_of (m + c * v) v 0) + 1 / 2).
      * apply (half_left _ _ V). intros z _.
        replace (density (m + c * v) v z)
          with ((1 + 0 * z + 0 * z ^ 2) * density (m + c * v) v z) by ring.
        rewrite polynomial_wave by easy. pose proof sqrt_PI_pos.
        f_equal. f_equal; field; lra.
      * unfold wave, unit_of, erfc.
        replace (/ sqrt (2 * v) * 0 + - ((m + c * v) / sqrt (2 * v)))
          with (- ((m + c * v) / sqrt (2 * v))) by ring.
        rewrite erf_opp. field. lra.
    + unfold X, scal; simpl. unfold mult; simpl. field.
Qed.

Lemma X_0 m v : X 0 m v = erfc (m / sqrt (2 * v)) / 2.
Proof.
  unfold X. replace (0 * m + 0 ^ 2 * v / 2) with 0 by field.
  rewrite exp_0. replace (m + 0 * v) with m by ring. field.
Qed.

Lemma right_polynomial p q r m v : 0 < v ->
  is_RInt_gen (fun z => (p + q * z + r * z ^ 2) * density m v z)
    (at_point 0) (Rbar_locally p_infty)
    ((p + q * m + r * (m ^ 2 + v)) * (1 - X 0 m v)
     + (q + r * m) * v * N m v).
Proof.
  intros V.
  assert (S := s_pos v V). assert (Q := s_square v V).
  assert (H := half_right m v V _ _ _ _
                 (fun z _ => polynomial_wave m v V p q r z)).
  eapply is_RInt_gen_ext; [| refine (eq_ind _ _ H _ _)].
  - apply filter_forall. reflexivity.
  - unfold N. rewrite density_bell by easy. rewrite X_0.
    unfold wave, erfc.
    replace (unit_of m v 0) with (- (m / sqrt (2 * v)))
      by (unfold unit_of; ring).
    rewrite erf_opp. pose proof sqrt_PI_pos. fold (erfc (m / sqrt (2 * v))).
    assert (W : m = sqrt (2 * v) * (m / sqrt (2 * v))) by (field; lra).
    assert (Z : v = sqrt (2 * v) * sqrt (2 * v) / 2) by lra.
    revert S W Z. generalize (m / sqrt (2 * v)) (sqrt (2 * v)).
    intros w s S -> ->. unfold erfc. field. lra.
Qed.

(* ---- over all z ------------------------------------------------------- *)

Lemma two_halves f f1 f2 m v l1 l2 l :
  (forall z, z < 0 -> f z * density m v z = f1 z) ->
  (forall z, 0 < z -> f z * density m v z = f2 z) ->
  is_RInt_gen f1 (Rbar_locally m_infty) (at_point 0) l1 ->
  is_RInt_gen f2 (at_point 0) (Rbar_locally p_infty) l2 ->
  l1 + l2 = l -> has_expectation f m v l.
Proof.
  intros E1 E2 H1 H2 <-. unfold has_expectation.
  apply (is_RInt_gen_Chasles (V := R_NormedModule) _ 0 l1 l2).
  - apply (is_RInt_gen_ext f1); [| easy].
    exists (fun x => x < 0) (fun x => x = 0).
    + exists 0. easy.
    + easy.
    + intros x y Hx -> z [_ Hz]. simpl in Hz.
      symmetry. apply E1. rewrite Rmax_right in Hz; lra.
  - apply (is_RInt_gen_ext f2); [| easy].
    exists (fun x => x = 0) (fun x => 0 < x).
    + easy.
    + exists 0. easy.
    + intros x y -> Hy z [Hz _]. simpl in Hz.
      symmetry. apply E2. rewrite Rmin_left in Hz; lra.
Qed.

(* Coquelicot's, in plain R. *)
Lemma left_scal k (f : R -> R) (l : R) :
  is_RInt_gen f (Rbar_locally m_infty) (at_point 0) l ->
  is_RInt_gen (fun z => k * f z) (Rbar_locally m_infty) (at_point 0) (k * l).
Proof. apply (is_RInt_gen_scal (V := R_NormedModule)). Qed.
Lemma left_plus (f g : R -> R) (l n : R) :
  is_RInt_gen f (Rbar_locally m_infty) (at_point 0) l ->
  is_RInt_gen g (Rbar_locally m_infty) (at_point 0) n ->
  is_RInt_gen (fun z => f z + g z)
    (Rbar_locally m_infty) (at_point 0) (l + n).
Proof. apply (is_RInt_gen_plus (V := R_NormedModule)). Qed.

Definition mean_of (lambda alpha m v : R) : R :=
  lambda * (m * (1 - X 0 m v) + v * N m v + alpha * (X 1 m v - X 0 m v)).
Definition second_of (lambda alpha m v : R) : R :=
  lambda ^ 2 * ((m ^ 2 + v) * (1 - X 0 m v) + m * v * N m v
                + alpha ^ 2 * (X 2 m v - 2 * X 1 m v + X 0 m v)).

Lemma mean_expectation la al m v : 0 < v ->
  has_expectation (selu la al) m v (mean_of la al m v).
Proof.
  intros V. eapply two_halves; cycle 2.
  - apply left_plus.
    + apply (left_scal (la * al)), (left_exp 1 m v V).
    + apply (left_scal (- (la * al))), (left_exp 0 m v V).
  - apply (right_polynomial 0 la 0 m v V).
  - unfold mean_of. ring.
  - intros z Hz. unfold selu. destruct (Rlt_dec 0 z); [lra |].
    rewrite Rmult_1_l, Rmult_0_l, exp_0. ring.
  - intros z Hz. unfold selu. destruct (Rlt_dec 0 z); [ring | lra].
Qed.

Lemma second_expectation la al m v : 0 < v ->
  has_expectation (fun z => selu la al z ^ 2) m v (second_of la al m v).
Proof.
  intros V. eapply two_halves; cycle 2.
  - apply left_plus; [apply left_plus |].
    + apply (left_scal ((la * al) ^ 2)), (left_exp 2 m v V).
    + apply (left_scal (- 2 * (la * al) ^ 2)), (left_exp 1 m v V).
    + apply (left_scal ((la * al) ^ 2)), (left_exp 0 m v V).
  - apply (right_polynomial 0 0 (la ^ 2) m v V).
  - unfold second_of. ring.
  - intros z Hz. unfold selu. destruct (Rlt_dec 0 z); [lra |].
    rewrite Rmult_1_l, Rmult_0_l, exp_0.
    replace (2 * z) with (z + z) by ring. rewrite exp_plus. ring.
  - intros z Hz. unfold selu. destruct (Rlt_dec 0 z); [ring | lra].
Qed.

Lemma expectation_eq f m v l :
  has_expectation f m v l -> expectation f m v = l.
Proof. apply (is_RInt_gen_unique (V := R_CompleteNormedModule)). Qed.

Theorem density_proved : statement_density.
Proof.
  intros m v V.
  assert (L : forall p q r, is_RInt_gen
    (fun z => (p + q * z + r * z ^ 2) * density m v z)
    (Rbar_locally m_infty) (at_point 0)
    ((p + q * m + r * (m ^ 2 + v)) * X 0 m v - (q + r * m) * v * N m v)).
  { intros p q r.
    assert (S := s_pos v V). assert (Q := s_square v V).
    assert (H := half_left m v V _ _ _ _
                   (fun z _ => polynomial_wave m v V p q r z)).
    eapply is_RInt_gen_ext; [| refine (eq_ind _ _ H _ _)].
    - apply filter_forall. reflexivity.
    - assert (R := right_polynomial p q r m v V).
      assert (R' := half_right m v V _ _ _ _
                      (fun z _ => polynomial_wave m v V p q r z)).
      apply (is_RInt_gen_unique (V := R_CompleteNormedModule)) in R.
      apply (is_RInt_gen_unique (V := R_CompleteNormedModule)) in R'.
      rewrite R in R'. lra. }
  assert (F : forall p q r, has_expectation
                (fun z => p + q * z + r * z ^ 2) m v
                (p + q * m + r * (m ^ 2 + v))).
  { intros p q r. eapply two_halves.
    - reflexivity.
    - reflexivity.
    - apply L.
    - apply (right_polynomial p q r m v V).
    - ring. }
  assert (G : forall f p q r l, (forall z, f z = p + q * z + r * z ^ 2) ->
                p + q * m + r * (m ^ 2 + v) = l ->
                has_expectation f m v l).
  { intros f p q r l E <-. unfold has_expectation.
    apply (is_RInt_gen_ext
             (fun z => (p + q * z + r * z ^ 2) * density m v z)).
    - apply filter_forall. intros _ z _. now rewrite E.
    - apply F. }
  repeat split.
  - apply (G _ 1 0 0); [intros |]; ring.
  - apply (G _ 0 1 0); [intros |]; ring.
  - apply (G _ (m ^ 2) (- 2 * m) 1); [intros |]; ring.
Qed.

(* ---- eqs. 4 and 5 ----------------------------------------------------- *)

(* (2/pi)^(1/2) x^(1/2) exp(-y^2/2x) = 2 x N. *)
Lemma gauss_N y x : 0 < x ->
  sqrt (2 / PI) * sqrt x * exp (- (y ^ 2 / (2 * x))) = 2 * x * N y x.
Proof.
  intros P. pose proof PI_RGT_0. pose proof sqrt_PI_pos.
  assert (0 < sqrt 2) by (apply sqrt_lt_R0; lra).
  assert (0 < sqrt x) by (apply sqrt_lt_R0; lra).
  unfold N, density. replace (0 - y) with (- y) by ring.
  replace ((- y) ^ 2) with (y ^ 2) by ring.
  rewrite sqrt_div_alt by lra.
  replace (2 * PI * x) with (2 * (PI * x)) by ring.
  assert (0 <= PI * x) by (apply Rmult_le_pos; lra).
  rewrite (sqrt_mult 2 (PI * x)), (sqrt_mult PI x) by lra.
  assert (A : sqrt 2 * sqrt 2 = 2) by (apply sqrt_sqrt; lra).
  assert (B : sqrt x * sqrt x = x) by (apply sqrt_sqrt; lra).
  generalize (exp (- (y ^ 2 / (2 * x)))). intros e.
  replace (2 * x) with (sqrt 2 * sqrt 2 * (sqrt x * sqrt x))
    by (rewrite A, B; ring).
  field. lra.
Qed.

Lemma X_1 m v : X 1 m v =
  exp (m + v / 2) * erfc ((m + v) / sqrt (2 * v)) / 2.
Proof.
  unfold X. replace (1 * m + 1 ^ 2 * v / 2) with (m + v / 2) by field.
  now rewrite Rmult_1_l.
Qed.

Lemma X_2 m v : X 2 m v =
  exp (2 * m + 2 * v) * erfc ((m + 2 * v) / sqrt (2 * v)) / 2.
Proof.
  unfold X. now replace (2 * m + 2 ^ 2 * v / 2) with (2 * m + 2 * v)
    by field.
Qed.

Theorem moments_proved : statement_moments.
Proof.
  intros la al y x P. split.
  - replace (mean_formula la al y x) with (mean_of la al y x).
    + apply mean_expectation, P.
    + unfold mean_formula, mean_of. rewrite gauss_N, X_0, X_1 by easy.
      unfold erfc. field.
  - replace (second_formula la al y x) with (second_of la al y x).
    + apply second_expectation, P.
    + unfold second_formula, second_of.
      replace (sqrt (2 / PI) * y * sqrt x * exp (- (y ^ 2 / (2 * x))))
        with (y * (sqrt (2 / PI) * sqrt x * exp (- (y ^ 2 / (2 * x)))))
        by ring.
      rewrite gauss_N, X_0, X_1, X_2 by easy. field.
Qed.
