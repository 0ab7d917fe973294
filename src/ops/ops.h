#pragma once

#include <span>
#include <string_view>

#include "graph/op.h"

/// The op set: Caffe-sized, from which both dialects are spelled.  Definitions are in src/ops/<family>.cpp.
namespace mo::op {

// input.cpp
extern const OpDef input, constant, convert;
// convolution.cpp
extern const OpDef convolution, deconvolution;
// fully_connected.cpp
extern const OpDef fully_connected;
// pooling.cpp
extern const OpDef pooling, pooling_places;
// activation.cpp
extern const OpDef relu, prelu, elu, sigmoid, tanh, abs, exp, log, power, bnll, threshold, clamp, swish;
// normalization.cpp
extern const OpDef lrn, softmax;
// affine.cpp
extern const OpDef batch_normalization, scale_shift;
// eltwise.cpp
extern const OpDef eltwise;
// concat.cpp
extern const OpDef concat, slice;
// crop.cpp
extern const OpDef crop;
// resize.cpp
extern const OpDef interp, resample;
// arg_max.cpp
extern const OpDef arg_max;
// statistics.cpp
extern const OpDef mvn, grn, reduction;
// gather.cpp
extern const OpDef gather;
// recurrent.cpp
extern const OpDef lstm, rnn;
// flow.cpp
extern const OpDef correlation, accum, data_augmentation, power_file, spatial_transformer;
// reshape.cpp
extern const OpDef reshape, flatten, permute, tile;
// shuffle_channels.cpp
extern const OpDef shuffle_channels;
// l2_normalization.cpp
extern const OpDef normalize;
// prior_box.cpp
extern const OpDef prior_box, prior_box_clustered;
// detection_output.cpp
extern const OpDef detection_output;
// region_proposal.cpp
extern const OpDef proposal, simpler_nms, roi_pooling, psroi_pooling;
// roi_align.cpp
extern const OpDef roi_align;
// yolo.cpp
extern const OpDef region_yolo, reorg_yolo;
// upsample.cpp
extern const OpDef upsample, unpooling;
// ctc.cpp
extern const OpDef ctc_greedy_decoder;

}  // namespace mo::op

namespace mo {

/// Every op, for docs and for the tests that walk them.
std::span<const OpDef* const> all_ops();

}  // namespace mo
