#pragma once

#include "caffe/layer_def.h"

/// The layer literals; each family has a file of its own in this folder, and all.cpp lists them.
namespace mo::caffe::layers {

// input.cpp
extern const LayerDef input, data, unknown_source;
// convolution.cpp
extern const LayerDef convolution, deconvolution;
// inner_product.cpp
extern const LayerDef inner_product;
// pooling.cpp
extern const LayerDef pooling;
// activation.cpp
extern const LayerDef relu, prelu, elu, sigmoid, tanh, abs_val, power, exp, log;
// normalization.cpp
extern const LayerDef lrn, softmax;
// affine.cpp
extern const LayerDef scale, bias;
// batch_norm.cpp
extern const LayerDef batch_norm, bn;
// more_activation.cpp
extern const LayerDef relu6, clip, swish, threshold, bnll, hard_sigmoid_layer, hard_swish, mish;
// crop.cpp
extern const LayerDef crop, crop_center;
// resize.cpp
extern const LayerDef interp, resample, resize;
// statistics.cpp
extern const LayerDef arg_max, mvn, grn, reduction;
// lookup.cpp
extern const LayerDef embed, batch_reindex, parameter, continuation_indicator;
// rearranging.cpp
extern const LayerDef tile, reverse, transpose_axes, gs_tiling, im2col, spp;
// recurrent.cpp
extern const LayerDef lstm, rnn;
// flow.cpp
extern const LayerDef correlation, accum, data_augmentation, power_file, spatial_transformer;
// refused.cpp
extern const LayerDef filter, window_data;
// combining.cpp
extern const LayerDef concat, slice, split, eltwise, axpy;
// reshaping.cpp
extern const LayerDef flatten, reshape, dropout;
// rearrangement.cpp
extern const LayerDef permute, shuffle_channel;
// ssd.cpp
extern const LayerDef normalize, prior_box, prior_box_clustered;
// detection_output.cpp
extern const LayerDef detection_output;
// region_proposal.cpp
extern const LayerDef proposal, simpler_nms, roi_pooling, psroi_pooling;
// python.cpp
extern const LayerDef python;
// yolo.cpp
extern const LayerDef region_yolo, darknet_region, reorg_yolo, reorg, yolo_detection_output, upsample,
    upsample_darknet;
// ctc.cpp
extern const LayerDef ctc_greedy_decoder;
// training.cpp
extern const LayerDef softmax_loss, sigmoid_loss, loss, accuracy, silence;

}  // namespace mo::caffe::layers
