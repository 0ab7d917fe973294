#include <algorithm>

#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"
#include "ops/shapes.h"

namespace mo::op {

namespace {

using ir::opset::Lowering;
using ir::opset::Port;

constexpr std::int64_t limit = std::int64_t{1} << 31;

/// PoolingLayer::Reshape of Caffe: ceil((in + 2 pad - kernel) / stride) + 1 (floor when the fork's rounding
/// says so); when any axis is padded, on every axis the last window must start inside the input or its
/// leading pad.
std::int64_t pooled_size(std::int64_t in, std::int64_t kernel, std::int64_t stride, std::int64_t pad,
                         bool ceil, bool clip) {
  const std::int64_t room = in + 2 * pad - kernel;
  // Caffe divides in float, so that a negative numerator rounds towards +infinity with ceil, down with floor.
  const std::int64_t steps = ceil ? (room >= 0 ? (room + stride - 1) / stride : -(-room / stride))
                                  : (room >= 0 ? room / stride : -((-room + stride - 1) / stride));
  std::int64_t out = steps + 1;
  if (clip && (out - 1) * stride >= in + pad) --out;
  return out;
}

bool is_global(const Attributes& attributes) {
  return attributes.get_or("global", false);
}

void infer(ShapeContext& c) {
  const Shape& x = c.input(0);
  const Attributes& a = c.attributes();
  c.require(x.size() >= 3, "its input " + to_string(x) + " has no spatial dimensions");
  Shape out(x.begin(), x.begin() + 2);
  if (is_global(a)) {
    out.resize(x.size(), 1);
    c.output(0, std::move(out));
    return;
  }
  const auto& kernel = a.integers("kernel");
  const auto& strides = a.integers("strides");
  const auto& pads = a.integers("pads_begin");
  c.require(kernel.size() == x.size() - 2 && strides.size() == kernel.size() && pads.size() == kernel.size(),
            "kernel, stride and pad do not have as many axes as its input " + to_string(x));
  const bool ceil = a.text("rounding_type") == "ceil";
  const bool clip = std::ranges::any_of(pads, [](std::int64_t pad) { return pad != 0; });
  for (std::size_t i = 0; i < kernel.size(); ++i) {
    c.require(kernel[i] > 0 && kernel[i] < limit, "the kernel size is 0 or out of range");
    c.require(strides[i] > 0 && strides[i] < limit, "the stride is 0 or out of range");
    c.require(pads[i] >= 0 && pads[i] < kernel[i], "pad must be smaller than the kernel");
    if (x[i + 2] < 0) {
      out.push_back(-1);
      continue;
    }
    c.require(x[i + 2] < limit, "its input is too large");
    const std::int64_t size = pooled_size(x[i + 2], kernel[i], strides[i], pads[i], ceil, clip);
    if (size <= 0)
      c.fail("a window of " + std::to_string(kernel[i]) + " does not fit its padded input " + to_string(x),
             "give a larger input with --input_shape, or correct kernel_size or pad");
    out.push_back(size);
  }
  c.output(0, std::move(out));
}

/// Floats hold whole numbers up to 2^24.
void infer_places(ShapeContext& c) {
  infer(c);
  const Shape& x = c.input(0);
  const std::int64_t count = shapes::product(x, 2, x.size());
  c.require(count > 0 && count <= (1 << 24),
            "places in a channel of its input " + to_string(x) + " are no floats");
}

/// Where the last window ends beyond the input, per axis: what `floor` needs as end pad to give Caffe's size.
std::vector<std::int64_t> end_pads(const Attributes& a, const Shape& input, const Shape& output) {
  std::vector<std::int64_t> ends;
  for (std::size_t i = 0; i < a.integers("kernel").size(); ++i) {
    const std::int64_t in = input[i + 2];
    if (in < 0) {  // unknown: the runtime's own rounding has to do
      ends.push_back(a.integers("pads_begin")[i]);
      continue;
    }
    const std::int64_t reach = (output[i + 2] - 1) * a.integers("strides")[i] + a.integers("kernel")[i] - in;
    ends.push_back(std::max<std::int64_t>(0, reach - a.integers("pads_begin")[i]));
  }
  return ends;
}

bool has_unknown(const Shape& shape) {
  return std::ranges::find(shape, -1) != shape.end();
}

Port emit_pool(Lowering& l, Port x, bool max, const std::vector<std::int64_t>& begins,
               const std::vector<std::int64_t>& ends, std::string_view rounding, bool exclude_pad) {
  const Attributes& a = l.attributes();
  Attributes data{{"kernel", a.integers("kernel")},
                  {"strides", a.integers("strides")},
                  {"pads_begin", begins},
                  {"pads_end", ends},
                  {"rounding_type", std::string(rounding)},
                  {"auto_pad", std::string("explicit")}};
  if (!max) data.set("exclude-pad", exclude_pad);
  return l.emit(max ? "MaxPool" : "AvgPool", 1, data, {x}, l.output_shape());
}

/// Caffe divides by the part of the window that lies in the input and its symmetric pad; padding the input
/// beforehand makes that the runtime's `exclude-pad`.
Port emit_average(Lowering& l) {
  const auto& pads = l.attributes().integers("pads_begin");
  const std::vector<std::int64_t> ends = end_pads(l.attributes(), l.input_shape(0), l.output_shape());
  const std::vector<std::int64_t> none(pads.size(), 0);
  if (pads == none)
    return emit_pool(l, l.input(0), false, none, none, l.attributes().text("rounding_type"), false);
  if (std::ranges::equal(ends, pads, std::less_equal<>()))
    return emit_pool(l, l.input(0), false, pads, ends, "floor", false);

  std::vector<std::int64_t> around{0, 0};
  around.insert(around.end(), pads.begin(), pads.end());
  Shape padded = l.input_shape(0);
  std::vector<std::int64_t> rest;
  for (std::size_t i = 0; i < pads.size(); ++i) {
    padded[i + 2] += 2 * pads[i];
    rest.push_back(std::max<std::int64_t>(0, ends[i] - pads[i]));
  }
  const Port x = l.emit("Pad", 1, {{"pad_mode", std::string("constant")}},
                        {l.input(0), l.integers(around, "pads_begin"), l.integers(around, "pads_end"),
                         l.scalar(0.0F, "pad_value")},
                        padded, "Pad");
  return emit_pool(l, x, false, none, rest, "floor", true);
}

void lower(Lowering& l) {
  const Attributes& a = l.attributes();
  const bool max = a.text("pool-method") == "max";
  if (is_global(a)) {
    std::vector<std::int64_t> axes;
    for (std::size_t i = 2; i < l.input_shape(0).size(); ++i) axes.push_back(static_cast<std::int64_t>(i));
    l.output(0, l.emit(max ? "ReduceMax" : "ReduceMean", 1, {{"keep_dims", true}},
                       {l.input(0), l.integers(axes, "axes")}, l.output_shape()));
    return;
  }
  const auto& pads = a.integers("pads_begin");
  if (has_unknown(l.input_shape(0)))
    l.output(0, emit_pool(l, l.input(0), max, pads, pads, a.text("rounding_type"), false));
  else
    l.output(0, max ? emit_pool(l, l.input(0), true, pads, end_pads(a, l.input_shape(0), l.output_shape()),
                                "floor", false)
                    : emit_average(l));
}

void lower_places(Lowering& l) {
  if (l.dialect().opset1_only)
    l.refuse("IR v10 has no pooling that says where its maxima are (its mask)", "write IR v11");
  const Attributes& a = l.attributes();
  const Shape& out = l.output_shape();
  const Port both =
      l.emit_many("MaxPool", 8,
                  {{"kernel", a.integers("kernel")},
                   {"strides", a.integers("strides")},
                   {"pads_begin", a.integers("pads_begin")},
                   {"pads_end", end_pads(a, l.input_shape(0), out)},
                   {"dilations", std::vector<std::int64_t>(out.size() - 2, 1)},
                   {"rounding_type", std::string("floor")},
                   {"auto_pad", std::string("explicit")},
                   {"index_element_type", std::string("i32")},
                   {"axis", std::int64_t{2}}},
                  {l.input(0)}, {{out, ir::Precision::fp32, {}}, {out, ir::Precision::i32, {}}}, "MaxPool");
  l.output(0, l.emit("Convert", 1, {{"destination_type", std::string("f32")}}, {{both.layer, 1}}, out));
}

void spell(ir::legacy::Spelling& s) {
  const Attributes& a = s.attributes();
  const bool max = a.text("pool-method") == "max";
  s.type("Pooling");
  s.copy({"pool-method"});
  for (const char* name : {"kernel", "strides", "pads_begin"}) s.window(name, a.integers(name));
  if (s.dialect().window_lists) {
    s.attribute("pads_end", a.integers("pads_begin"));
  } else {
    std::vector<std::int64_t> strides{1, 1};
    std::ranges::copy(a.integers("strides"), std::back_inserter(strides));
    s.attribute("stride", strides);
  }
  if (a.get_or("subsampling", false)) return;  // from a pass: the original says no more about these
  s.copy({"rounding_type"});
  s.attribute("exclude-pad", std::string(max && s.dialect().max_excludes_pad ? "true" : "false"));
}

/// The rounding that gives the output that the file has, where it does not say.
std::string rounding_of(const ir::legacy::Reading& r, const std::vector<std::int64_t>& kernel,
                        const std::vector<std::int64_t>& strides, const std::vector<std::int64_t>& pads) {
  const Shape& in = r.input_shape(0);
  const Shape& out = r.output_shape();
  for (std::size_t i = 0; i < kernel.size() && i + 2 < std::min(in.size(), out.size()); ++i)
    if (strides[i] > 0 && kernel[i] < limit && pads[i] < limit && in[i + 2] < limit &&
        out[i + 2] == pooled_size(in[i + 2], kernel[i], strides[i], pads[i], false, false) &&
        out[i + 2] != pooled_size(in[i + 2], kernel[i], strides[i], pads[i], true, false))
      return "floor";
  return "ceil";
}

void read(ir::legacy::Reading& r) {
  const std::vector<std::int64_t> kernel = r.window("kernel");
  const std::vector<std::int64_t> none(kernel.size(), 0);
  std::vector<std::int64_t> strides = r.window("strides", std::vector<std::int64_t>(kernel.size(), 1));
  if (!r.dialect().window_lists) std::ranges::replace(strides, 0, 1);
  const std::vector<std::int64_t> pads = r.window("pads_begin", none);
  const std::string method = r.text("pool-method", "max");
  if (method != "max" && method != "avg") r.fail("pool-method=\"" + method + "\" is neither max nor avg");
  if (strides.size() != kernel.size() || pads.size() != kernel.size())
    r.fail("its lists do not have as many values as kernel");
  if (method == "avg" && pads != none && r.boolean("exclude-pad", false))
    r.unsupported("average without the pad");
  if (r.window("pads_end", pads) != pads) r.unsupported("pad, which is not the same on both sides,");
  if (const std::string pad = r.text("auto_pad", ""); !pad.empty() && pad != "explicit")
    r.unsupported("auto_pad " + pad);
  r.attributes = {{"pool-method", method},
                  {"kernel", kernel},
                  {"strides", strides},
                  {"pads_begin", pads},
                  {"rounding_type", r.text("rounding_type", rounding_of(r, kernel, strides, pads))}};
  if (!r.has("rounding_type")) r.attributes.set("subsampling", true);
}

onnx::Value onnx_pool(onnx::Lowering& l, onnx::Value x, bool max, onnx::Integers begins,
                      const onnx::Integers& ends, const Attributes& more) {
  begins.insert(begins.end(), ends.begin(), ends.end());
  Attributes data{{"kernel_shape", l.attributes().integers("kernel")},
                  {"strides", l.attributes().integers("strides")},
                  {"pads", begins}};
  for (const auto& [name, value] : more) data.set(name, value);
  return l.emit(max ? "MaxPool" : "AveragePool", std::move(data), {x}, l.output_shape());
}

/// As emit_average: a window beyond input and symmetric pad counts only what is within them.
onnx::Value onnx_average(onnx::Lowering& l) {
  const auto& pads = l.attributes().integers("pads_begin");
  const onnx::Integers ends = end_pads(l.attributes(), l.input_shape(0), l.output_shape());
  const onnx::Integers none(pads.size(), 0);
  if (pads == none) return onnx_pool(l, l.input(0), false, none, ends, {{"count_include_pad", false}});
  if (std::ranges::equal(ends, pads, std::less_equal<>()))
    return onnx_pool(l, l.input(0), false, pads, ends, {{"count_include_pad", true}});
  onnx::Integers around{0, 0};
  around.insert(around.end(), pads.begin(), pads.end());
  onnx::Integers rest;
  for (std::size_t i = 0; i < pads.size(); ++i) rest.push_back(std::max<std::int64_t>(0, ends[i] - pads[i]));
  return onnx_pool(l, l.pad(l.input(0), around, around), false, none, rest, {{"count_include_pad", false}});
}

void onnx_pooling(onnx::Lowering& l) {
  const Attributes& a = l.attributes();
  const bool max = a.text("pool-method") == "max";
  if (is_global(a)) {
    l.output(0, l.emit(max ? "GlobalMaxPool" : "GlobalAveragePool", {}, {l.input(0)}, l.output_shape()));
    return;
  }
  const auto& pads = a.integers("pads_begin");
  const Shape& x = l.input_shape(0);
  const bool unknown = std::any_of(x.begin() + 2, x.end(), [](std::int64_t dim) { return dim < 0; });
  if (!unknown) {
    const onnx::Integers ends = end_pads(a, x, l.output_shape());
    l.output(0, max ? onnx_pool(l, l.input(0), true, pads, ends, {}) : onnx_average(l));
    return;
  }
  Attributes more{{"ceil_mode", a.text("rounding_type") == "ceil"}};
  if (!max) more.set("count_include_pad", true);
  l.output(0, onnx_pool(l, l.input(0), max, pads, pads, more));
}

/// ONNX counts the places through the whole tensor.
void onnx_places(onnx::Lowering& l) {
  const Attributes& a = l.attributes();
  const Shape& x = l.input_shape(0);
  const Shape& out = l.output_shape();
  onnx::Integers pads = a.integers("pads_begin");
  const onnx::Integers ends = end_pads(a, x, out);
  pads.insert(pads.end(), ends.begin(), ends.end());
  const onnx::Values both = l.emit_many(
      "MaxPool", {{"kernel_shape", a.integers("kernel")}, {"strides", a.integers("strides")}, {"pads", pads}},
      {l.input(0)}, {{{}, out, onnx::DataType::f32}, {{}, out, onnx::DataType::i64}});
  const onnx::Value channel = l.integers({shapes::product(x, 2, x.size())}, "channel");
  const onnx::Value place = l.binary("Mod", both[1], channel, "place", onnx::DataType::i64);
  l.output(0, l.cast(place, onnx::DataType::f32));
}

}  // namespace

/// Caffe's Pooling over any number of spatial axes.  Attributes: pool-method (`max`, `avg`), kernel, strides,
/// pads_begin (both sides), rounding_type (`ceil`, `floor`), global: one window over the whole input.
const OpDef pooling = {.name = "Pooling",
                       .infer = infer,
                       .opset = lower,
                       .legacy = spell,
                       .onnx = onnx_pooling,
                       .from_legacy = {{"Pooling"}, read}};

/// Where in its channel each maximum of such a pooling is, counted in rows, as a float; the first of equal
/// ones.
const OpDef pooling_places = {
    .name = "PoolingPlaces", .infer = infer_places, .opset = lower_places, .legacy = {}, .onnx = onnx_places};

}  // namespace mo::op
