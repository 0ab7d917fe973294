#pragma once

#include "caffe/message.h"
#include "caffe/net.h"
#include "support/diagnostics.h"

namespace mo::caffe {

/// Brings a NetParameter of any age to today's form, as Caffe does when it loads one:
/// - V0 (`layers { layer { type: "conv" } }`) and V1 (`layers { type: CONVOLUTION }`) layers become `layer`
/// messages
///   with V2 type names, V2 parameter messages and `param { lr_mult decay_mult name }`; V0 padding layers are
///   merged into the convolution or pooling behind them;
/// - `scale`, `mean_file`, `crop_size`, `mirror` of old data layers move to `transform_param`;
/// - `input` with `input_shape` or `input_dim` becomes one layer of type Input per blob, named like the blob,
/// first in
///   the net; without a shape such a layer has none either.
/// `source` is quoted in messages.  Throws Failure (not_a_net) when V1 and V2 layers are mixed; an
/// `input_dim` that does not fit the inputs is an error in `diagnostics`.
void upgrade(Message& net, const Source& source, Diagnostics& diagnostics);

}  // namespace mo::caffe
