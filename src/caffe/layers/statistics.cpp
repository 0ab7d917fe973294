#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

namespace {

void lower_arg_max(LayerContext& c) {
  Attributes attributes{{"top_k", c.integer("argmax_param.top_k")},
                        {"out_max_val", c.boolean("argmax_param.out_max_val")}};
  if (c.has("argmax_param.axis")) attributes.set("axis", c.integer("argmax_param.axis"));
  c.top(0, c.emit_value(op::arg_max, {c.bottom(0)}, std::move(attributes)));
}

void lower_mvn(LayerContext& c) {
  c.top(0, c.emit_value(op::mvn, {c.bottom(0)},
                        {{"across_channels", c.boolean("mvn_param.across_channels")},
                         {"normalize_variance", c.boolean("mvn_param.normalize_variance")},
                         {"eps", c.number("mvn_param.eps")},
                         {"across_batch", false},
                         {"eps_inside", false}}));
}

std::string reduction_operation(const LayerContext& c) {
  const std::string name = c.text("reduction_param.operation");
  if (name == "SUM" || name == "1") return "SUM";
  if (name == "ASUM" || name == "2") return "ASUM";
  if (name == "SUMSQ" || name == "3") return "SUMSQ";
  if (name == "MEAN" || name == "4") return "MEAN";
  c.fail_at("reduction_param.operation", code::bad_value, "\"" + name + "\" is not a reduction",
            "write SUM, ASUM, SUMSQ or MEAN");
}

}  // namespace

const LayerDef arg_max = {
    .types = {"ArgMax"},
    .parameters = {{"argmax_param.out_max_val", false},
                   {"argmax_param.top_k", std::int64_t{1}},
                   {"argmax_param.axis", std::int64_t{0}}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_arg_max,
};

const LayerDef mvn = {
    .types = {"MVN"},
    .parameters = {{"mvn_param.normalize_variance", true},
                   {"mvn_param.across_channels", false},
                   {"mvn_param.eps", 1e-9F}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower = lower_mvn,
};

const LayerDef grn = {
    .types = {"GRN"},
    .parameters = {{"grn_param.bias", 1.0F}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower =
        [](LayerContext& c) {
          c.top(0, c.emit_value(op::grn, {c.bottom(0)}, {{"bias", c.number("grn_param.bias")}}));
        },
};

const LayerDef reduction = {
    .types = {"Reduction"},
    .parameters = {{"reduction_param.operation", std::string("SUM")},
                   {"reduction_param.axis", std::int64_t{0}},
                   {"reduction_param.coeff", 1.0F}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, 1},
    .lower =
        [](LayerContext& c) {
          c.top(0, c.emit_value(op::reduction, {c.bottom(0)},
                                {{"operation", reduction_operation(c)},
                                 {"axis", c.integer("reduction_param.axis")},
                                 {"coeff", c.number("reduction_param.coeff")}}));
        },
};

std::span<const LayerDef* const> statistics_layers() {
  static constexpr std::array layers{&arg_max, &mvn, &grn, &reduction};
  return layers;
}

}  // namespace mo::caffe::layers
