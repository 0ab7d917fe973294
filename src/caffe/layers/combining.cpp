#include <array>

#include "caffe/layer_context.h"
#include "caffe/layers/layers.h"

namespace mo::caffe::layers {

namespace {

void lower_concat(LayerContext& c) {
  // concat_dim is the old name of axis and may not be negative.
  const std::int64_t axis = c.has("concat_param.concat_dim") ? c.integer("concat_param.concat_dim")
                                                             : c.integer("concat_param.axis");
  std::vector<Value> bottoms;
  for (std::size_t i = 0; i < c.bottom_count(); ++i) bottoms.push_back(c.bottom(i));
  c.top(0, c.emit_value(op::concat, std::move(bottoms), {{"axis", axis}}));
}

void lower_slice(LayerContext& c) {
  const std::int64_t axis =
      c.has("slice_param.slice_dim") ? c.integer("slice_param.slice_dim") : c.integer("slice_param.axis");
  const NodeId id = c.emit(op::slice, {c.bottom(0)},
                           {{"axis", axis},
                            {"parts", static_cast<std::int64_t>(c.top_count())},
                            {"slice_point", c.integers("slice_param.slice_point")}});
  for (std::uint32_t i = 0; i < c.top_count(); ++i) c.top(i, {id, i});
}

std::string operation(const LayerContext& c) {
  const std::string name = c.text("eltwise_param.operation");
  if (name == "PROD" || name == "0") return "mul";
  if (name == "SUM" || name == "1") return "sum";
  if (name == "MAX" || name == "2") return "max";
  c.fail_at("eltwise_param.operation", code::bad_value, "\"" + name + "\" is not an operation",
            "write PROD, SUM or MAX");
}

void lower_eltwise(LayerContext& c) {
  std::vector<Value> bottoms;
  for (std::size_t i = 0; i < c.bottom_count(); ++i) {
    if (c.bottom_shape(i) != c.bottom_shape(0))
      c.fail(code::bad_shape, "its bottoms have different shapes, " + to_string(c.bottom_shape(0)) + " and " +
                                  to_string(c.bottom_shape(i)));
    bottoms.push_back(c.bottom(i));
  }
  const std::string name = operation(c);
  const std::vector<float> coefficients = c.numbers("eltwise_param.coeff");
  if (!coefficients.empty() && coefficients.size() != c.bottom_count())
    c.fail_at("eltwise_param.coeff", code::bad_value,
              std::to_string(coefficients.size()) + " coefficients for " + std::to_string(c.bottom_count()) +
                  " bottoms",
              "give one for each bottom, or none");
  if (name != "sum" && !coefficients.empty())
    c.note(code::ignored_parameter, Severity::warning,
           "eltwise_param.coeff has no effect: only a sum has coefficients (Caffe refuses them in a product)",
           "remove coeff, or write operation: SUM");
  c.top(0,
        c.emit_value(op::eltwise, std::move(bottoms),
                     {{"operation", name}, {"coeff", name == "sum" ? coefficients : std::vector<float>{}}}));
}

/// SENet: bottom 0 [N, C, 1, 1] times bottom 1 plus bottom 2.
void lower_axpy(LayerContext& c) {
  const std::vector<float> none;
  Value factor = c.bottom(0);
  const Shape& a = c.bottom_shape(0);
  const Shape& x = c.bottom_shape(1);
  if (a.size() < 2 || x.size() < a.size() || c.bottom_shape(2) != x || element_count(a) != a[0] * a[1])
    c.fail(code::bad_shape, "its bottoms must be [N, C, 1, 1] and twice [N, C, H, W], not " + to_string(a) +
                                ", " + to_string(x) + " and " + to_string(c.bottom_shape(2)));
  if (a.size() < x.size()) {
    Shape dims(x.size(), 1);
    dims[0] = 0;
    dims[1] = a[1];
    factor = c.emit_value(op::reshape, {factor},
                          {{"dim", dims}, {"axis", std::int64_t{0}}, {"num_axes", std::int64_t{-1}}}, {},
                          "aligned");
  }
  const Value product = c.emit_value(
      op::eltwise, {c.bottom(1), factor},
      {{"operation", std::string("mul")}, {"coeff", none}, {"legacy_name", c.name() + "/ScaleShift_/Mul_"}},
      {}, "product");
  c.top(0, c.emit_value(
               op::eltwise, {product, c.bottom(2)},
               {{"operation", std::string("sum")}, {"coeff", none}, {"legacy_name", c.name() + "/Add_"}}));
}

}  // namespace

const LayerDef concat = {
    .types = {"Concat"},
    .parameters = {{"concat_param.axis", std::int64_t{1}}, {"concat_param.concat_dim", std::int64_t{1}}},
    .blobs = {0, 0},
    .bottoms = {1, any_number},
    .tops = {1, 1},
    .lower = lower_concat,
    .example = {{{1, 4, 8, 8}, {1, 4, 8, 8}}},
};

const LayerDef slice = {
    .types = {"Slice"},
    .parameters = {{"slice_param.axis", std::int64_t{1}},
                   {"slice_param.slice_dim", std::int64_t{1}},
                   {"slice_param.slice_point", std::vector<std::int64_t>{}}},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, any_number},
    .lower = lower_slice,
};

const LayerDef split = {
    .types = {"Split"},
    .parameters = {},
    .blobs = {0, 0},
    .bottoms = {1, 1},
    .tops = {1, any_number},
    .lower =
        [](LayerContext& c) {
          for (std::size_t i = 0; i < c.top_count(); ++i) c.top(i, c.bottom(0));
        },
};

const LayerDef eltwise = {
    .types = {"Eltwise"},
    .parameters = {{"eltwise_param.operation", std::string("SUM")},
                   {"eltwise_param.coeff", std::vector<float>{}},
                   {"eltwise_param.stable_prod_grad", true}},
    .blobs = {0, 0},
    .bottoms = {2, any_number},
    .tops = {1, 1},
    .lower = lower_eltwise,
};

const LayerDef axpy = {
    .types = {"Axpy"},
    .parameters = {},
    .blobs = {0, 0},
    .bottoms = {3, 3},
    .tops = {1, 1},
    .lower = lower_axpy,
    .example = {{{1, 4, 1, 1}, {1, 4, 8, 8}, {1, 4, 8, 8}}},
};

std::span<const LayerDef* const> combining_layers() {
  static constexpr std::array layers{&concat, &slice, &split, &eltwise, &axpy};
  return layers;
}

}  // namespace mo::caffe::layers
