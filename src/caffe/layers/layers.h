#pragma once

#include "caffe/layer_def.h"

/// The layer literals; each family has a file of its own in this folder, and all.cpp lists them.
namespace mo::caffe::layers {

// input.cpp
extern const LayerDef input, data;
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
extern const LayerDef batch_norm, scale, bias;
// combining.cpp
extern const LayerDef concat, slice, split, eltwise, axpy;
// reshaping.cpp
extern const LayerDef flatten, reshape, dropout;
// training.cpp
extern const LayerDef softmax_loss, sigmoid_loss, loss, accuracy, silence;

}  // namespace mo::caffe::layers
