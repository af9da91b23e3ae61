(* SPDX-License-Identifier: GPL-3.0-or-later *)
(*
 * Derivatives of the moments along a line in (m, v); eqs. 62 to 65 are those
 * along mu and along nu.
 *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Selfnorm Require Import Statements Gaussian Moments.
Open Scope R_scope.

(* ---- of X and N ------------------------------------------------------- *)

Definition X_m (c m v : R) : R := c * X c m v - N m v.
Definition X_v (c m v : R) : R :=
  c ^ 2 / 2 * X c m v + (m / (2 * v) - c / 2) * N m v.
Definition N_m (m v : R) : R := - (m / v) * N m v.
Definition N_v (m v : R) : R := (m ^ 2 / v - 1) / (2 * v) * N m v.

Lemma is_derive_exp_erfc (A B : R -> R) (t a b : R) :
  is_derive A t a -> is_derive B t b ->
  is_derive (fun t => exp (A t) * erfc (B t) / 2) t
    (a * (exp (A t) * erfc (B t) / 2)
     - b * (exp (A t) * bell (B t) / sqrt PI)).
Proof.
  intros HA HB. pose proof sqrt_PI_pos. auto_derive.
  - repeat split; eexists; try eassumption. apply is_derive_erfc.
  - change (fun x : R => A x) with A. change (fun x : R => B x) with B.
    change (fun x : R => erfc x) with erfc.
    rewrite (is_derive_unique _ _ _ HA), (is_derive_unique _ _ _ HB).
    rewrite (is_derive_unique _ _ _ (is_derive_erfc _)). field. lra.
Qed.

Lemma is_derive_exp_over (A B : R -> R) (t a b : R) :
  is_derive A t a -> is_derive B t b -> B t <> 0 ->
  is_derive (fun t => exp (A t) / B t) t
    (exp (A t) / B t * (a - b / B t)).
Proof.
  intros HA HB Z. auto_derive.
  - repeat split; try eexists; eassumption.
  - change (fun x : R => A x) with A. change (fun x : R => B x) with B.
    rewrite (is_derive_unique _ _ _ HA), (is_derive_unique _ _ _ HB).
    field. exact Z.
Qed.

Section line.
Variables (m0 v0 dm dv t : R).
Let m t := m0 + t * dm.
Let v t := v0 + t * dv.
Hypothesis v_pos : 0 < v t.

Lemma N_eq a b : 0 < b ->
  N a b = exp (- (a ^ 2 / (2 * b))) / (sqrt (2 * b) * sqrt PI).
Proof.
  intros B. unfold N, density. replace (0 - a) with (- a) by ring.
  replace ((- a) ^ 2) with (a ^ 2) by ring.
  replace (2 * PI * b) with (2 * b * PI) by ring.
  rewrite sqrt_mult by (try apply Rlt_le, PI_RGT_0; lra). easy.
Qed.

Lemma is_derive_X c : is_derive (fun t => X c (m t) (v t)) t
  (X_m c (m t) (v t) * dm + X_v c (m t) (v t) * dv).
Proof.
  assert (S : 0 < sqrt (2 * v t)) by (apply sqrt_lt_R0; lra).
  assert (Q : sqrt (2 * v t) * sqrt (2 * v t) = 2 * v t)
    by (apply sqrt_sqrt; lra).
  pose proof sqrt_PI_pos as P.
  eapply is_derive_eq.
  - apply (is_derive_exp_erfc (fun t => c * m t + c ^ 2 * v t / 2)
             (fun t => (m t + c * v t) / sqrt (2 * v t)) t
             (c * dm + c ^ 2 * dv / 2)
             ((dm + c * dv) / sqrt (2 * v t)
              - (m t + c * v t) * dv / (sqrt (2 * v t) * (2 * v t)))).
    + unfold m, v. auto_derive; [easy | field].
    + unfold m, v. auto_derive; fold (m t) (v t).
      * repeat split; lra.
      * revert S Q v_pos. generalize (sqrt (2 * v t)).
        generalize (m t) (v t).
        intros a w s S Q W. replace w with (s * s / 2) by lra.
        field. lra.
  - unfold X_m, X_v. rewrite N_eq by easy. fold (X c (m t) (v t)).
    unfold bell. rewrite <- exp_plus.
    replace (c * m t + c ^ 2 * v t / 2
             + - ((m t + c * v t) / sqrt (2 * v t)
                  * ((m t + c * v t) / sqrt (2 * v t))))
      with (- (m t ^ 2 / (2 * v t))).
    + generalize (exp (- (m t ^ 2 / (2 * v t)))) (X c (m t) (v t)).
      revert S Q v_pos P. generalize (sqrt (2 * v t)).
      generalize (m t) (v t) (sqrt PI).
      intros a w p s S Q W P e x. replace w with (s * s / 2) by lra.
      field. lra.
    + revert S Q v_pos. generalize (sqrt (2 * v t)).
        generalize (m t) (v t).
      intros a w s S Q W. replace w with (s * s / 2) by lra. field. lra.
Qed.

Lemma is_derive_N : is_derive (fun t => N (m t) (v t)) t
  (N_m (m t) (v t) * dm + N_v (m t) (v t) * dv).
Proof.
  assert (B : 0 < 2 * PI * v t)
    by (apply Rmult_lt_0_compat; [| easy]; pose proof PI_RGT_0; lra).
  assert (S : 0 < sqrt (2 * PI * v t)) by (apply sqrt_lt_R0; lra).
  assert (Q : sqrt (2 * PI * v t) * sqrt (2 * PI * v t) = 2 * PI * v t)
    by (apply sqrt_sqrt; lra).
  pose proof PI_RGT_0 as P.
  eapply is_derive_eq.
  - apply (is_derive_exp_over (fun t => - ((0 - m t) ^ 2 / (2 * v t)))
             (fun t => sqrt (2 * PI * v t)) t
             (- (m t * dm / v t) + m t ^ 2 * dv / (2 * v t ^ 2))
             (PI * dv / sqrt (2 * PI * v t))).
    + unfold m, v. auto_derive; fold (m t) (v t); [lra | field; lra].
    + unfold m, v. auto_derive; fold (m t) (v t); [lra | field; lra].
    + lra.
  - unfold N_m, N_v, N, density.
    generalize (exp (- ((0 - m t) ^ 2 / (2 * v t)))).
    revert v_pos S Q P. generalize (sqrt (2 * PI * v t)).
    generalize (m t) (v t) PI. intros a w p s W S Q P e.
    replace p with (s * s / (2 * w)) by (rewrite Q; field; lra).
    field. lra.
Qed.

End line.

(* ---- of the moments --------------------------------------------------- *)

Section moments.
Variables la al : R.

Definition M_m (m v : R) : R := la * (1 - X 0 m v + al * X 1 m v).
Definition M_v (m v : R) : R :=
  la / 2 * (al * X 1 m v - (al - 1) * N m v).
Definition S_m (m v : R) : R :=
  2 * la ^ 2 * (m * (1 - X 0 m v) + v * N m v
                + al ^ 2 * (X 2 m v - X 1 m v)).
Definition S_v (m v : R) : R :=
  la ^ 2 * (1 - X 0 m v + al ^ 2 * (2 * X 2 m v - X 1 m v)).

Section line.
Variables (m0 v0 dm dv t : R).
Let m t := m0 + t * dm.
Let v t := v0 + t * dv.
Hypothesis v_pos : 0 < v t.

Let x0 t := X 0 (m t) (v t).
Let x1 t := X 1 (m t) (v t).
Let x2 t := X 2 (m t) (v t).
Let n t := N (m t) (v t).
Let d0 : is_derive x0 t _ := is_derive_X m0 v0 dm dv t v_pos 0.
Let d1 : is_derive x1 t _ := is_derive_X m0 v0 dm dv t v_pos 1.
Let d2 : is_derive x2 t _ := is_derive_X m0 v0 dm dv t v_pos 2.
Let dn : is_derive n t _ := is_derive_N m0 v0 dm dv t v_pos.

Ltac line_derivative :=
  auto_derive; fold (m t) (v t);
  [repeat split;
   match goal with
   | |- context [x0] => eexists; exact d0
   | |- context [x1] => eexists; exact d1
   | |- context [x2] => eexists; exact d2
   | |- context [n] => eexists; exact dn
   end
  | change (fun x : R => x0 x) with x0; change (fun x : R => x1 x) with x1;
    change (fun x : R => x2 x) with x2; change (fun x : R => n x) with n;
    rewrite ?(is_derive_unique _ _ _ d0), ?(is_derive_unique _ _ _ d1),
      ?(is_derive_unique _ _ _ d2), ?(is_derive_unique _ _ _ dn);
    fold (m t) (v t);
    unfold X_m, X_v, N_m, N_v, x0, x1, x2, n; field; lra].

Lemma is_derive_mean : is_derive (fun t => mean_of la al (m t) (v t)) t
  (M_m (m t) (v t) * dm + M_v (m t) (v t) * dv).
Proof.
  unfold mean_of, M_m, M_v.
  apply (is_derive_ext (fun t => la * ((m0 + t * dm) * (1 - x0 t)
           + (v0 + t * dv) * n t + al * (x1 t - x0 t)))); [easy |].
  line_derivative.
Qed.

Lemma is_derive_second :
  is_derive (fun t => second_of la al (m t) (v t)) t
    (S_m (m t) (v t) * dm + S_v (m t) (v t) * dv).
Proof.
  unfold second_of, S_m, S_v.
  apply (is_derive_ext (fun t => la ^ 2 *
           (((m0 + t * dm) ^ 2 + (v0 + t * dv)) * (1 - x0 t)
            + (m0 + t * dm) * (v0 + t * dv) * n t
            + al ^ 2 * (x2 t - 2 * x1 t + x0 t)))); [easy |].
  line_derivative.
Qed.

End line.

(* ---- eqs. 62 to 65 ---------------------------------------------------- *)

Lemma mean_eq mu omega nu tau : 0 < nu * tau ->
  mean la al mu omega nu tau = mean_of la al (mu * omega) (nu * tau).
Proof. intros P. apply expectation_eq, mean_expectation, P. Qed.

Lemma second_eq mu omega nu tau : 0 < nu * tau ->
  second_moment la al mu omega nu tau
  = second_of la al (mu * omega) (nu * tau).
Proof. intros P. apply expectation_eq, second_expectation, P. Qed.

Lemma positive_near nu tau : 0 < nu * tau ->
  locally nu (fun nu => 0 < nu * tau).
Proof.
  intros P.
  apply (continuous_comp (fun x => x) (fun x => x * tau) nu).
  - apply continuous_id.
  - apply (ex_derive_continuous (fun x => x * tau)). auto_derive. easy.
  - now apply open_gt.
Qed.

Section entries.
Variables (mu omega nu tau : R).
Hypothesis P : 0 < nu * tau.

Ltac along_mu f :=
  apply (is_derive_ext (fun t => f la al (0 + t * omega)
                                  (nu * tau + t * 0)));
  [intros t; rewrite Rplus_0_l, Rmult_0_r, Rplus_0_r; symmetry |].
Ltac along_nu f :=
  apply (is_derive_ext_loc (fun t => f la al (mu * omega + t * 0)
                                      (0 + t * tau)));
  [apply (filter_imp (fun nu => 0 < nu * tau));
   [intros t Ht; rewrite Rplus_0_l, Rmult_0_r, Rplus_0_r; symmetry
   | now apply positive_near] |].

Lemma mean_mu : is_derive (fun mu => mean la al mu omega nu tau) mu
  (M_m (mu * omega) (nu * tau) * omega).
Proof.
  along_mu mean_of; [now apply mean_eq |].
  eapply is_derive_eq.
  - apply is_derive_mean. lra.
  - rewrite !Rmult_0_r, !Rplus_0_r, Rplus_0_l. easy.
Qed.
Lemma mean_nu : is_derive (fun nu => mean la al mu omega nu tau) nu
  (M_v (mu * omega) (nu * tau) * tau).
Proof.
  along_nu mean_of; [now apply mean_eq |].
  eapply is_derive_eq.
  - apply is_derive_mean. lra.
  - rewrite !Rmult_0_r, !Rplus_0_r, !Rplus_0_l. easy.
Qed.
Lemma second_mu :
  is_derive (fun mu => second_moment la al mu omega nu tau) mu
    (S_m (mu * omega) (nu * tau) * omega).
Proof.
  along_mu second_of; [now apply second_eq |].
  eapply is_derive_eq.
  - apply is_derive_second. lra.
  - rewrite !Rmult_0_r, !Rplus_0_r, Rplus_0_l. easy.
Qed.
Lemma second_nu :
  is_derive (fun nu => second_moment la al mu omega nu tau) nu
    (S_v (mu * omega) (nu * tau) * tau).
Proof.
  along_nu second_of; [now apply second_eq |].
  eapply is_derive_eq.
  - apply is_derive_second. lra.
  - rewrite !Rmult_0_r, !Rplus_0_r, !Rplus_0_l. easy.
Qed.

Lemma J11_eq :
  J11 la al mu omega nu tau = M_m (mu * omega) (nu * tau) * omega.
Proof.
  unfold J11, M_m. rewrite X_0, X_1, (Rplus_comm (nu * tau)). field.
Qed.
(* (2/(pi x))^(1/2) exp(-y^2/2x) = 2 N, (2x/pi)^(1/2) exp(...) = 2 x N. *)
Lemma gauss_over y x : 0 < x ->
  sqrt (2 / (PI * x)) * exp (- (y ^ 2 / (2 * x))) = 2 * N y x.
Proof.
  intros Q. pose proof PI_RGT_0. rewrite N_eq by easy.
  assert (0 < sqrt (PI * x)) by (apply sqrt_lt_R0, Rmult_lt_0_compat; lra).
  assert (0 < sqrt 2) by (apply sqrt_lt_R0; lra).
  assert (A : sqrt 2 * sqrt 2 = 2) by (apply sqrt_sqrt; lra).
  rewrite sqrt_div_alt by (apply Rmult_lt_0_compat; lra).
  replace (sqrt (2 * x) * sqrt PI) with (sqrt 2 * sqrt (PI * x))
    by (rewrite !sqrt_mult by lra; ring).
  generalize (exp (- (y ^ 2 / (2 * x)))). intros e.
  replace (2 * (e / (sqrt 2 * sqrt (PI * x))))
    with (sqrt 2 * sqrt 2 * (e / (sqrt 2 * sqrt (PI * x))))
    by (rewrite A; ring).
  field. lra.
Qed.
Lemma gauss_times y x : 0 < x ->
  sqrt (2 * x / PI) * exp (- (y ^ 2 / (2 * x))) = 2 * x * N y x.
Proof.
  intros Q. pose proof PI_RGT_0. rewrite <- gauss_N by easy. f_equal.
  rewrite <- sqrt_mult_alt by (apply Rlt_le, Rdiv_lt_0_compat; lra).
  f_equal. field. lra.
Qed.

Lemma J12_eq :
  J12 la al mu omega nu tau = M_v (mu * omega) (nu * tau) * tau.
Proof.
  unfold J12, M_v. rewrite X_1, (Rplus_comm (nu * tau)).
  rewrite (Rmult_assoc (al - 1)), gauss_over by easy. field.
Qed.
Lemma J21_eq :
  J21 la al mu omega nu tau = S_m (mu * omega) (nu * tau) * omega.
Proof.
  unfold J21, S_m. rewrite X_0, X_1, X_2, gauss_times by easy.
  rewrite (Rplus_comm (nu * tau)), (Rplus_comm (2 * (nu * tau)) (mu * _)).
  field.
Qed.
Lemma J22_eq :
  J22 la al mu omega nu tau = S_v (mu * omega) (nu * tau) * tau.
Proof.
  unfold J22, S_v. rewrite X_0, X_1, X_2.
  rewrite (Rplus_comm (nu * tau)), (Rplus_comm (2 * (nu * tau)) (mu * _)).
  field.
Qed.

End entries.
End moments.

Theorem jacobian_proved : statement_jacobian.
Proof.
  intros la al mu omega nu tau P. cbv zeta.
  rewrite J11_eq, J12_eq, J21_eq, J22_eq by easy.
  pose proof (mean_mu la al mu omega nu tau P) as HMm.
  pose proof (mean_nu la al mu omega nu tau P) as HMn.
  pose proof (second_mu la al mu omega nu tau P) as HSm.
  pose proof (second_nu la al mu omega nu tau P) as HSn.
  assert (V : forall M S t a b, is_derive M t a -> is_derive S t b ->
            is_derive (fun t => S t - M t ^ 2) t (b - 2 * M t * a)).
  { intros M S t a b HM HS. auto_derive.
    - repeat split; eexists; eassumption.
    - change (fun x : R => M x) with M. change (fun x : R => S x) with S.
      rewrite (is_derive_unique _ _ _ HM), (is_derive_unique _ _ _ HS).
      ring. }
  refine (conj HMm (conj HMn (conj _ _))).
  - exact (V _ _ _ _ _ HMm HSm).
  - exact (V _ _ _ _ _ HMn HSn).
Qed.
