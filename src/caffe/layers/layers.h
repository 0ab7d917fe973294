#pragma once

#include <span>

#include "caffe/layer_def.h"

/// Each family of layers has a file of its own in this folder: the literals, and at its end the list of them.
namespace mo::caffe::layers {

/// A data layer of a type that is not known.
extern const LayerDef unknown_source;

std::span<const LayerDef* const> input_layers();
std::span<const LayerDef* const> convolution_layers();
std::span<const LayerDef* const> inner_product_layers();
std::span<const LayerDef* const> pooling_layers();
std::span<const LayerDef* const> activation_layers();
std::span<const LayerDef* const> normalization_layers();
std::span<const LayerDef* const> batch_norm_layers();
std::span<const LayerDef* const> affine_layers();
std::span<const LayerDef* const> combining_layers();
std::span<const LayerDef* const> reshaping_layers();
std::span<const LayerDef* const> training_layers();
std::span<const LayerDef* const> more_activation_layers();
std::span<const LayerDef* const> crop_layers();
std::span<const LayerDef* const> resize_layers();
std::span<const LayerDef* const> statistics_layers();
std::span<const LayerDef* const> lookup_layers();
std::span<const LayerDef* const> rearranging_layers();
std::span<const LayerDef* const> recurrent_layers();
std::span<const LayerDef* const> flow_layers();
std::span<const LayerDef* const> refused_layers();
std::span<const LayerDef* const> rearrangement_layers();
std::span<const LayerDef* const> ssd_layers();
std::span<const LayerDef* const> detection_output_layers();
std::span<const LayerDef* const> region_proposal_layers();
std::span<const LayerDef* const> python_layers();
std::span<const LayerDef* const> yolo_layers();
std::span<const LayerDef* const> ctc_layers();

}  // namespace mo::caffe::layers
