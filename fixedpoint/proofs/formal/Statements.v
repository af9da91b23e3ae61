(* SPDX-License-Identifier: GPL-3.0-or-later *)
(*
 * What is proved, and nothing else: definitions and statements, no proof.
 * Numbers are those of Klambauer, Unterthiner, Mayr, Hochreiter,
 * "Self-Normalizing Neural Networks", arXiv 1706.02515v5.  Theorem1.v proves
 * the last of them, which is all of them, and prints the axioms.
 *
 * R is Coq's real numbers; a decimal such as 0.1 is the rational number 1/10.
 * is_RInt f a b I: f has on [a, b] the Riemann integral I; RInt f a b is I;
 * is_RInt_gen f (Rbar_locally m_infty) (Rbar_locally p_infty) I: these
 * integrals have the limit I for a -> -infinity and b -> +infinity, whatever
 * their order; RInt_gen is that I; is_derive f x d: d is the derivative of f
 * at x; is_lim_seq u l: u converges to l (all of them Coquelicot's).
 *)
From Coq Require Import Reals.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

(* ---- the activation and its constants --------------------------------- *)

(* Eq. 2. *)
Definition selu (lambda alpha x : R) : R :=
  if Rlt_dec 0 x then lambda * x
  else lambda * (alpha * exp x - alpha).

Definition erf (x : R) : R :=
  2 / sqrt PI * RInt (fun t => exp (- (t * t))) 0 x.
Definition erfc (x : R) : R := 1 - erf x.

(* Eq. 14. *)
Definition alpha01 : R :=
  - (sqrt (2 / PI) / (erfc (1 / sqrt 2) * exp (1 / 2) - 1)).
Definition lambda01 : R :=
  (1 - erfc (1 / sqrt 2) * sqrt (exp 1)) * sqrt (2 * PI)
  / sqrt (2 * erfc (sqrt 2) * exp 2 + PI * erfc (1 / sqrt 2) ^ 2 * exp 1
          - 2 * (2 + PI) * erfc (1 / sqrt 2) * sqrt (exp 1) + PI + 2).

(* ---- a normal variable and its expectations --------------------------- *)

(* The density of the normal law with mean m and variance v. *)
Definition density (m v z : R) : R :=
  exp (- ((z - m) ^ 2 / (2 * v))) / sqrt (2 * PI * v).

(* E f(z) = l for such a z. *)
Definition has_expectation (f : R -> R) (m v l : R) : Prop :=
  is_RInt_gen (fun z => f z * density m v z)
    (Rbar_locally m_infty) (Rbar_locally p_infty) l.
Definition expectation (f : R -> R) (m v : R) : R :=
  RInt_gen (fun z => f z * density m v z)
    (Rbar_locally m_infty) (Rbar_locally p_infty).

(* It is a probability density, of mean m and variance v. *)
Definition statement_density : Prop := forall m v, 0 < v ->
  has_expectation (fun _ => 1) m v 1 /\
  has_expectation (fun z => z) m v m /\
  has_expectation (fun z => (z - m) ^ 2) m v v.

(* ---- the map g, eq. 3 ------------------------------------------------- *)

(*
 * Mean mu and variance nu of the activations of one layer, sum omega and sum
 * of squares tau of a unit's weights: its input z is normal with mean
 * mu omega and variance nu tau.
 *)
Definition mean (lambda alpha mu omega nu tau : R) : R :=
  expectation (selu lambda alpha) (mu * omega) (nu * tau).
Definition second_moment (lambda alpha mu omega nu tau : R) : R :=
  expectation (fun z => selu lambda alpha z ^ 2) (mu * omega) (nu * tau).
Definition variance (lambda alpha mu omega nu tau : R) : R :=
  second_moment lambda alpha mu omega nu tau
  - mean lambda alpha mu omega nu tau ^ 2.

(* Points are (mu, nu); g has the paper's constants. *)
Definition g (omega tau : R) (p : R * R) : R * R :=
  (mean lambda01 alpha01 (fst p) omega (snd p) tau,
   variance lambda01 alpha01 (fst p) omega (snd p) tau).

(* Eq. 4: the mean in closed form, x = nu tau, y = mu omega. *)
Definition mean_formula (lambda alpha y x : R) : R :=
  lambda / 2 *
  ((y + alpha) * erf (y / sqrt (2 * x))
   + alpha * exp (y + x / 2) * erfc ((y + x) / sqrt (2 * x))
   + sqrt (2 / PI) * sqrt x * exp (- (y ^ 2 / (2 * x)))
   + y - alpha).

(* Eq. 5: the second moment. *)
Definition second_formula (lambda alpha y x : R) : R :=
  lambda ^ 2 / 2 *
  ((y ^ 2 + x) * (2 - erfc (y / sqrt (2 * x)))
   + alpha ^ 2 * (- 2 * exp (y + x / 2) * erfc ((y + x) / sqrt (2 * x))
                  + exp (2 * y + 2 * x) * erfc ((y + 2 * x) / sqrt (2 * x))
                  + erfc (y / sqrt (2 * x)))
   + sqrt (2 / PI) * y * sqrt x * exp (- (y ^ 2 / (2 * x)))).

(* Both integrals exist, and are these. *)
Definition statement_moments : Prop := forall lambda alpha y x, 0 < x ->
  has_expectation (selu lambda alpha) y x
    (mean_formula lambda alpha y x) /\
  has_expectation (fun z => selu lambda alpha z ^ 2) y x
    (second_formula lambda alpha y x).

(* Eq. 14 does what it is for: (0, 1) is fixed where omega = 0, tau = 1. *)
Definition statement_fixed : Prop := g 0 1 (0, 1) = (0, 1).

(* What eq. 14 comes to. *)
Definition statement_constants : Prop :=
  1.050700987 < lambda01 < 1.050700988 /\
  1.673263242 < alpha01 < 1.673263243.

(* ---- its Jacobian, eq. 7 ---------------------------------------------- *)

(* Eqs. 62 to 65: partial derivatives of the mean and the second moment. *)
Definition J11 (lambda alpha mu omega nu tau : R) : R :=
  let x := nu * tau in let y := mu * omega in
  lambda * omega / 2 *
  (alpha * exp (y + x / 2) * erfc ((x + y) / sqrt (2 * x))
   - erfc (y / sqrt (2 * x)) + 2).
Definition J12 (lambda alpha mu omega nu tau : R) : R :=
  let x := nu * tau in let y := mu * omega in
  lambda * tau / 4 *
  (alpha * exp (y + x / 2) * erfc ((x + y) / sqrt (2 * x))
   - (alpha - 1) * sqrt (2 / (PI * x)) * exp (- (y ^ 2 / (2 * x)))).
Definition J21 (lambda alpha mu omega nu tau : R) : R :=
  let x := nu * tau in let y := mu * omega in
  lambda ^ 2 * omega *
  (- alpha ^ 2 * exp (y + x / 2) * erfc ((x + y) / sqrt (2 * x))
   + alpha ^ 2 * exp (2 * y + 2 * x) * erfc ((2 * x + y) / sqrt (2 * x))
   + y * (2 - erfc (y / sqrt (2 * x)))
   + sqrt (2 * x / PI) * exp (- (y ^ 2 / (2 * x)))).
Definition J22 (lambda alpha mu omega nu tau : R) : R :=
  let x := nu * tau in let y := mu * omega in
  lambda ^ 2 * tau / 2 *
  (- alpha ^ 2 * exp (y + x / 2) * erfc ((x + y) / sqrt (2 * x))
   + 2 * alpha ^ 2 * exp (2 * y + 2 * x)
     * erfc ((2 * x + y) / sqrt (2 * x))
   - erfc (y / sqrt (2 * x)) + 2).

(* Eqs. 56 to 61: of g the second row is J2i - 2 mean J1i. *)
Definition statement_jacobian : Prop :=
  forall lambda alpha mu omega nu tau, 0 < nu * tau ->
  let M := mean lambda alpha in
  let V := variance lambda alpha in
  let a := J11 lambda alpha mu omega nu tau in
  let b := J12 lambda alpha mu omega nu tau in
  let c := J21 lambda alpha mu omega nu tau in
  let d := J22 lambda alpha mu omega nu tau in
  let m := M mu omega nu tau in
  is_derive (fun mu => M mu omega nu tau) mu a /\
  is_derive (fun nu => M mu omega nu tau) nu b /\
  is_derive (fun mu => V mu omega nu tau) mu (c - 2 * m * a) /\
  is_derive (fun nu => V mu omega nu tau) nu (d - 2 * m * b).

(* ---- Theorem 1 -------------------------------------------------------- *)

(* Of mu, nu; of omega, tau. *)
Definition in_domain (p : R * R) : Prop :=
  -0.1 <= fst p <= 0.1 /\ 0.8 <= snd p <= 1.5.
Definition weights_in_domain (omega tau : R) : Prop :=
  -0.1 <= omega <= 0.1 /\ 0.95 <= tau <= 1.1.

(* The Euclidean distance of two points. *)
Definition distance (p q : R * R) : R :=
  sqrt ((fst p - fst q) ^ 2 + (snd p - snd q) ^ 2).

(* After n layers. *)
Fixpoint layers (n : nat) (omega tau : R) (p : R * R) : R * R :=
  match n with
  | O => p
  | S k => g omega tau (layers k omega tau p)
  end.

(*
 * Lemma 13: g maps the domain into a smaller one.  Two ends are the paper's
 * but for their last digit: it prints -0.03106, although the smallest mean is
 * -0.0310605, and 0.80009, where its argument gives 0.8000898.
 *)
Definition in_image (p : R * R) : Prop :=
  -0.03107 < fst p < 0.06773 /\ 0.80008 < snd p < 1.48617.
Definition statement_lemma13 : Prop := forall omega tau p,
  weights_in_domain omega tau -> in_domain p -> in_image (g omega tau p).

(* Eq. 17, by Lemma 12 on this domain: g contracts. *)
Definition rate : R := 0.95.
Definition statement_contraction : Prop := forall omega tau p q,
  weights_in_domain omega tau -> in_domain p -> in_domain q ->
  distance (g omega tau p) (g omega tau q) <= rate * distance p q.

(*
 * Theorem 1.  For every omega and tau there is exactly one fixed point in the
 * domain; every start in the domain stays there and converges to it, by the
 * factor `rate` in every layer at least.
 *)
Definition statement_theorem1 : Prop := forall omega tau,
  weights_in_domain omega tau ->
  exists fixed, in_image fixed /\ g omega tau fixed = fixed /\
  (forall p, in_domain p -> g omega tau p = p -> p = fixed) /\
  (forall p, in_domain p ->
    (forall n, in_domain (layers n omega tau p)) /\
    is_lim_seq (fun n => fst (layers n omega tau p)) (fst fixed) /\
    is_lim_seq (fun n => snd (layers n omega tau p)) (snd fixed) /\
    (forall n, distance (layers n omega tau p) fixed
               <= rate ^ n * distance p fixed)).

Definition statement_all : Prop :=
  statement_density /\ statement_moments /\ statement_constants /\
  statement_fixed /\ statement_jacobian /\ statement_lemma13 /\
  statement_contraction /\ statement_theorem1.
