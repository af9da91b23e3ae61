# SPDX-License-Identifier: GPL-3.0-or-later
# Read by cli.sh: activations and expressions as a user meets them.
# shellcheck shell=bash

t 0 '^mean +0\.28209479177387814347403972578039$' - \
    moments --activation gelu
t 0 '^gain 1/std +1\.70092624336333311946865845745$' - \
    moments --activation gelu --digits 30
t 0 '^variance +0\.010000159248527' - \
    moments --activation gelu --mean 5 --variance 0.01
t 0 'attracting +NO' - moments --activation silu
t 0 'attracting +yes' - moments --activation tanh
t 0 'attracting +no: f\(tz\)' - moments --activation relu
t 0 'E f..2 +none: f jumps at z = 0' - moments \
    --expression 'where(z > 0, 1, 0)'
t 0 'E f..2 +not known to be finite' - moments --expression 'sqrt(abs(z))'
t 0 '^celu +0\.16052057 +0\.64494542' - moments --activation all
t 0 '^gelu +z\*\(1 \+ erf' - moments --activation list
t 0 '^mean +-1\.60579485029e-157' - moments --activation gelu \
    --mean -30 --variance 0.25 --digits 12
t 0 '^mean +0\.84134474606' - moments --activation gelu \
    --mean 1 --variance 1e-30
t 0 '^variance +3\.40845056908e299' - moments --activation softplus \
    --variance 1e300 --digits 12
t 0 '^c +1\.2708434' - moments --activation elu:alpha=1
t 0 '^mean +-?[0-9.]' - moments --activation hardtanh:low=-2,high=3
usage 'no --activation and no --expression given' moments
usage "--activation 'foo': unknown; '--activation list'" \
    moments --activation foo
usage "--activation 'gelu_new': unknown; did you mean gelu_tanh" \
    moments --activation gelu_new
usage "character 3, 'arctan': unknown name; did you mean atan" \
    moments --expression 'z*arctan(z)'
usage "character 1, 'pow': the exponent must be within 1000" \
    moments --expression 'pow(z, 2000)'
usage "character 7, '\)': expected ',' before the next argument" \
    moments --expression 'clip(z)'
t 0 '^mean +0\.07482476797' - moments --expression 'clip(x, -1, 2)' \
    --digits 10
usage "elu has no parameter 'beta'; it has alpha" \
    moments --activation elu:beta=2
usage "relu has no parameter 'a'; it has none" moments --activation relu:a=1
usage 'alpha needs a value, as alpha=1' moments --activation elu:alpha
usage "elu:alpha 'x': must be a finite" moments --activation elu:alpha=x
usage "celu:alpha '-1': must be .* above 0" moments --activation celu:alpha=-1
usage '--activation and --expression exclude' moments --activation elu \
    --expression z
usage "character 1, 'foo': unknown name" moments --expression 'foo(z)'
usage "character 3, '\)': expected an operator" moments --expression 'z )'
usage "character 2, '/': division by 0" moments --expression 'z/0'
usage 'does not depend on z' moments --expression '2 + pi'
usage "'': ends where a number" moments --expression ''
usage 'more than 100 levels' moments \
    --expression "$(printf '%0300d' 0 | tr 0 '(')"
usage '100000 characters, where at most 4096' moments \
    --expression "$(printf '%0100000d' 0 | tr 0 '(')"
usage "--digits '0'" moments --activation elu --digits 0
usage "--variance '0': must be" moments --activation elu --variance 0
t 1 - 'not finite.*near z = 0 .*character 2' moments --expression '1/z'
t 1 - 'not finite.*near z = 0.693147' moments --expression '1/(exp(z)-2)'
t 1 - 'for z -> -infinity no bound' moments --expression 'exp(z^2/2)'
t 1 - 'for z -> infinity no bound' moments --expression 'exp(exp(z))'
keys 'point.mean activation.name activation.expression method mean.value
    second_moment.radius variance.value derivative_second_moment.value
    gain_std.value gain_rms.radius self_normalizing.scale.value
    self_normalizing.shift.value self_normalizing.variance_slope.value
    self_normalizing.attracting self_normalizing.gradient_factor.value' 0 \
    moments --activation gelu
keys 'activations.0.activation.name activations.25.gain_std.value' 0 \
    moments --activation all
keys 'activations.0.name activations.0.expression' 0 \
    moments --activation list

# the second way to the same digits
a=$("$selfnorm" moments --activation all --digits 40)
b=$("$selfnorm" moments --activation all --digits 40 --quadrature --threads 1)
[ -n "$a" ] && [ "$a" = "$b" ]
count 'quadrature alone gives the digits of closed forms, on one thread'

t 0 '^mean +0\.2921794179$' - map --activation gelu --omega 0.1 --mean 0.2 \
    --digits 10
usage '--lambda and --alpha are of SELU' map --activation gelu --alpha 1
a=$("$selfnorm" map --mean 0.3 --omega 0.5 | tail -n +3)
b=$("$selfnorm" map --mean 0.3 --omega 0.5 --activation selu | tail -n +3)
[ -n "$a" ] && [ "$a" = "$b" ]
count 'map --activation selu is map'
keys 'activation.name jacobian.1.1.value' 0 map --expression 'tanh(z)'

t 0 '^a +0\.94040084086340471' - dropout-affine --rate 0.1 \
    --activation tanh --variance 0.39
usage "'leaky_relu': falls without limit" dropout-affine --rate 0.1 \
    --activation leaky_relu
usage '--lower, --activation, and --lambda' dropout-affine --rate 0.1 \
    --activation elu --lower -1
keys 'activation.name a.value' 0 dropout-affine --rate .1 --activation elu

t 0 '^c +1\.7009262433633331195' - constants --activation gelu --digits 20
t 0 '^d +0 \+-' - constants --activation tanh
t 0 'unique +yes, among c > 0' - constants --expression 'z^3'
t 0 'y = Selu <gamma = 1\.05070102214813232421875, alpha = ' - \
    constants --format onnx
t 0 '^c = Constant <value_float = ' - constants --format onnx \
    --activation gelu
usage "--format 'html': must be text, json, c, cuda" constants --format html
usage '--format rust and --json exclude' constants --json --format rust
usage "--digits '20000': at most 10000 with --activation" constants \
    --activation elu --digits 20000
keys 'scale.value shift.radius formats.f32.scale formats.e4m3.shift
    activation.name attracting spectral_norm.value' 0 constants \
    --activation mish
keys 'formats.e4m3.lambda formats.e5m2.alpha' 0 constants
a=$("$selfnorm" constants --mean 0.5 --variance 3 --omega 1 --digits 2600 \
    --json | tr , '\n' | grep -A1 alpha_prime | head -2)
[ -n "$a" ]
count 'a design of 2600 digits, by series'

# selu's normal form is selu itself, for its own fixed point
a=$("$selfnorm" constants --activation selu --digits 25 |
    sed -n 's/^c  *1/1/p')
[ "$a" = '1.000000000000000000000000' ]
count 'the scale of selu is 1'
# no end is said, with its place, not waited for long
t 1 - 'quadrature comes to no end near z = ' moments \
    --expression 'exp(z^2/4.0001)*tanh(z)' --digits 10
t 1 - 'which side holds is not decided near z = 0\.333' moments \
    --expression 'where(z^2 - 2*z/3 + 1/9 > 0, z, 5)' --digits 10
# the two touch, but whichever holds is as large
t 0 '^mean  *1\.000000000$' - moments \
    --expression 'max(z^2, 2*z/3 - 1/9)' --digits 10
t 0 '^second moment   3\.000000000$' - moments --digits 10 \
    --expression 'max(z^2, 2*z - 1)'
t 0 '^second moment +1\.000000000e2000$' - moments --expression '1e1000*z' \
    --digits 10
# a tie has one digit more
t 0 '^mean +0\.125$' - moments --expression 'z/2 + 1/8' --digits 2
t 0 '^leaky_relu .* 0\.50005 ' - moments --activation all --digits 4
t 0 '^mean +3\.0000$' - moments --expression 'z^2^2' --digits 5
usage "'log\(-1\)': does not depend on z, and is not defined" moments \
    --expression 'log(-1)'
usage "character 1, '1e-999999': not a number" moments \
    --expression '1e-999999*z'
t 0 '^e4m3 +0x1p\+0 +tie$' - constants --expression 'z - 1.0625'
t 0 'd is a tie in e4m3' - constants --expression 'z - 1.0625' --format c

# a tiny moment is no 0: its digits, or that they are open
t 0 '^variance +8\.6656468407075872609e-1539' - map --activation relu \
    --mean=-84 --omega 1 --digits 20
t 0 '^mean +6\.0570550960e-301' - moments --activation tanh --mean 1e-300 \
    --digits 11
t 0 '^mean +0 \+-' - map --activation tanh --omega 1
t 0 '^mean +-2\.26299154493059735e-767$' - moments --activation gelu \
    --mean=-84 --digits 18
t 0 '^variance +7\.7706993438222e-1734$' - moments --activation tanh \
    --mean 1e3 --digits 14

# layers of independent weights: known gains, kernels' critical points
t 0 '^G +1\.4142135623730950488' - gain relu --digits 20
t 0 '^G +1\.676532' - gain silu --digits 7
t 0 '^G.2 +1\.7562036827602' - gain erf --keep gradients --digits 14
t 0 'chi += C.\(1\) +1\.071574992' - gain selu --law centred --digits 10
t 0 'q +0\.527087107869236, attracting' - gain tanh --gain 1.3 --bias 0.05
t 0 'correlations +go to 0, slope 0\.93046992361529' - gain tanh --digits 9
t 0 '"stable": true' - gain gelu --c0 0.5 --digits 12 --json
t 0 'chi = C.\(1\) +none: f jumps' - gain hardshrink --digits 9
t 0 '^G +1\.0954451150103' - gain relu --dropout 0.4 --digits 14
t 0 'f\(tz\) = t f\(z\)' - gain leaky_relu --keep gradients
t 1 - 'no such layer: with weights of variance .*/n the biases would need' \
    gain sigmoid --keep gradients
t 1 - 'hardshrink: it jumps, or' gain hardshrink --keep gradients
usage "--bias '1': must be below q, which is 1" gain relu --bias 1
usage '--bias: --chi sets the biases' gain tanh --chi 1 --bias 0.1
usage '--keep and --gain exclude each other' gain tanh --keep q --gain 1
usage "--region '5': must be LOW,HIGH" gain tanh --region 5
usage "--c0 '1': must be below 1" gain tanh --c0 1
usage "--dropout '1': must be from 0 to below 1" gain relu --dropout 1
usage 'no --activation and no --expression given' gain
# what else moments says of f and f'
t 0 '^sd +0\.58791497' - moments gelu --digits 8
t 0 "^E f' +0\.5000000000" - moments gelu --digits 10
t 0 "^E f''.2 +not defined: kink at 0" - moments relu --digits 10
t 0 "^E f''.2 +1\.0000000000" - moments --expression 'z^2/2' --digits 11
t 0 '1/rms is the gain of independent weights' - moments tanh --digits 5
