#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

const LayerDef flatten = {
    .types = {"Flatten"},
    .parameters = {{"flatten_param.axis", std::int64_t{1}}, {"flatten_param.end_axis", std::int64_t{-1}}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower =
        [](LayerContext& c) {
          c.top(0, c.emit_value(op::flatten, {c.bottom(0)},
                                {{"axis", c.integer("flatten_param.axis")},
                                 {"end_axis", c.integer("flatten_param.end_axis")}}));
        },
};

const LayerDef reshape = {
    .types = {"Reshape"},
    .parameters = {{"reshape_param.shape.dim", std::vector<std::int64_t>{}},
                   {"reshape_param.axis", std::int64_t{0}},
                   {"reshape_param.num_axes", std::int64_t{-1}}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower =
        [](LayerContext& c) {
          c.top(0, c.emit_value(op::reshape, {c.bottom(0)},
                                {{"dim", c.integers("reshape_param.shape.dim")},
                                 {"axis", c.integer("reshape_param.axis")},
                                 {"num_axes", c.integer("reshape_param.num_axes")}}));
        },
};

/// At inference Dropout passes its bottom on.
const LayerDef dropout = {
    .types = {"Dropout"},
    .parameters = {{"dropout_param.dropout_ratio", 0.5F}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = [](LayerContext& c) { c.top(0, c.bottom(0)); },
};

}  // namespace mo::caffe::layers
