#include <algorithm>
#include <array>

#include "ir/check/check.h"
#include "ir/legacy/dialect.h"
#include "ir/text_values.h"

namespace mo::ir::check {

namespace {

using Integers = std::vector<std::int64_t>;

constexpr std::array same_as_input{"ReLU", "PReLU", "Activation", "Clamp",      "Power",
                                   "Norm", "LRN",   "SoftMax",    "ScaleShift", "BatchNormalization",
                                   "MVN",  "GRN",   "Normalize",  "Sigmoid",    "TanH",
                                   "ELU",  "Exp",   "Log",        "Abs"};

/// Whether every dim is known and small enough to compute with.
bool is_plain(const Shape& shape) {
  return std::ranges::all_of(shape, [](std::int64_t d) { return d > 0 && d < std::int64_t{1} << 31; });
}

/// What the parameters of a legacy layer make of the dims of its inputs.  Rules are silent where an attribute
/// is not there or no number: attribute_rules says that.
class DimRules {
 public:
  DimRules(const Document& document, const DocumentLayer& layer, Diagnostics& findings)
      : document_(document), layer_(layer), findings_(findings) {}

  void run() {
    const auto plain = [](const DocumentPort& port) { return is_plain(port.dims); };
    if (layer_.inputs.empty() || layer_.outputs.empty() || !std::ranges::all_of(layer_.inputs, plain) ||
        !std::ranges::all_of(layer_.outputs, plain))
      return;
    for (const char* type : same_as_input)
      if (is(type)) return expect(x());
    if (is("Eltwise")) return eltwise();
    if (is("Concat")) return concat();
    if (is("Slice") || is("Split")) return slice();
    if (is("FullyConnected") || is("InnerProduct")) return fully_connected();
    if (is("Convolution") || is("Deconvolution") || is("Pooling")) return window();
    if (is("Reshape") || is("Flatten")) return same_count();
    if (is("Permute")) return permute();
    if (is("Tile")) return tile();
  }

 private:
  bool is(const char* type) const { return same_type(layer_.type, type); }
  const Shape& x() const { return layer_.inputs.front().dims; }
  const Shape& y() const { return layer_.outputs.front().dims; }
  void report(std::string cause) {
    findings_.add(finding(document_, code::ir_dims, &layer_, std::move(cause)));
  }
  void expect(const Shape& wanted) {
    if (y() != wanted)
      report("its output has the dims " + to_string(y()) + ", but its parameters give " + to_string(wanted));
  }
  std::optional<std::int64_t> integer(std::string_view name) const {
    const std::string* text = layer_.find(name);
    return text == nullptr ? std::nullopt : to_integer(*text);
  }
  /// Nothing where it lies outside.
  std::optional<std::size_t> axis(std::int64_t fallback) const {
    std::int64_t value = layer_.find("axis") == nullptr ? fallback : integer("axis").value_or(-100);
    const auto rank = static_cast<std::int64_t>(x().size());
    if (value < 0) value += rank;
    return value >= 0 && value < rank ? std::optional(static_cast<std::size_t>(value)) : std::nullopt;
  }

  void eltwise();
  void concat();
  void slice();
  void fully_connected();
  void window();
  void same_count();
  void permute();
  void tile();
  Integers window_list(std::string_view name, const Integers& fallback) const;

  const Document& document_;
  const DocumentLayer& layer_;
  Diagnostics& findings_;
};

/// Up to v4 all dims are the same; then operands are broadcast.
void DimRules::eltwise() {
  const bool broadcasts = document_.version > 4;
  for (const DocumentPort& port : layer_.inputs) {
    const Shape& in = port.dims;
    bool fits = in.size() <= y().size() && (broadcasts || in.size() == y().size());
    for (std::size_t k = 1; fits && k <= in.size(); ++k) {
      const std::int64_t dim = in[in.size() - k];
      fits = dim == y()[y().size() - k] || (broadcasts && dim == 1);
    }
    if (!fits) report("its input " + to_string(in) + " does not fit its output " + to_string(y()));
  }
}

void DimRules::concat() {
  const auto at = axis(1);
  if (!at) return;
  Shape wanted = x();
  wanted[*at] = 0;
  for (const DocumentPort& port : layer_.inputs) {
    Shape in = port.dims;
    if (in.size() != wanted.size()) return report("its inputs do not have as many dims: " + to_string(in));
    wanted[*at] += in[*at];
    in[*at] = wanted[*at];
    if (in != wanted) return report("its inputs differ on other axes than its own: " + to_string(port.dims));
  }
  expect(wanted);
}

void DimRules::slice() {
  const auto at = axis(1);
  if (!at) return;
  std::int64_t sum = 0;
  for (const DocumentPort& port : layer_.outputs) {
    Shape out = port.dims;
    if (out.size() != x().size())
      return report("its output " + to_string(out) + " has other axes than its input");
    sum += out[*at];
    out[*at] = x()[*at];
    if (out != x())
      return report("its output " + to_string(port.dims) + " is no part of its input " + to_string(x()));
  }
  if (sum != x()[*at])
    report("its outputs have " + std::to_string(sum) + " of axis " + std::to_string(*at) + ", its input " +
           to_string(x()) + " another number");
}

void DimRules::fully_connected() {
  if (x().empty()) return report("its input has no dims");
  if (const auto outputs = integer("out-size")) expect({x()[0], *outputs});
}

/// One value for each spatial axis; `fallback` where they are not said, or not readable.
Integers DimRules::window_list(std::string_view name, const Integers& fallback) const {
  if (const std::string* text = layer_.find(name)) {
    const auto values = to_integers(*text);
    return values && values->size() == fallback.size() ? *values : fallback;
  }
  const auto axes = legacy::window_attributes(name, {0, 0}, legacy::dialect(legacy::lowest_version));
  if (fallback.size() != 2 || axes.size() != 2) return fallback;
  return {integer(axes[0].first).value_or(fallback[0]), integer(axes[1].first).value_or(fallback[1])};
}

void DimRules::window() {
  const std::size_t rank = x().size();
  if (rank < 3 || layer_.find("auto_pad") != nullptr || layer_.find("kernel_size") != nullptr) return;
  if (y().size() != rank) return report("its output " + to_string(y()) + " has other axes than its input");
  const Integers ones(rank - 2, 1);
  const Integers zeros(rank - 2, 0);
  const Integers kernel = window_list("kernel", zeros);
  const Integers strides = window_list("strides", ones);
  const Integers begin = window_list("pads_begin", zeros);
  const Integers end = window_list("pads_end", begin);
  const Integers dilations = is("Pooling") ? ones : window_list("dilations", ones);
  Shape wanted = y();
  wanted[0] = x()[0];
  wanted[1] = is("Pooling") ? x()[1] : integer("output").value_or(y()[1]);
  for (std::size_t i = 0; i < kernel.size(); ++i) {
    constexpr std::int64_t limit = std::int64_t{1} << 24;
    for (const std::int64_t value : {kernel[i], strides[i], dilations[i], begin[i] + 1, end[i] + 1})
      if (value <= 0 || value >= limit) return;  // said with the attributes
    const std::int64_t extent = dilations[i] * (kernel[i] - 1) + 1;
    const std::int64_t in = x()[i + 2];
    if (is("Deconvolution")) {
      wanted[i + 2] = strides[i] * (in - 1) + extent - begin[i] - end[i];
      continue;
    }
    const std::int64_t room = in + begin[i] + end[i] - extent;
    // Pooling rounds as it says; Caffe leaves out a last window that begins in the padding.
    const std::string* rounding = is("Pooling") ? layer_.find("rounding_type") : nullptr;
    const bool may_ceil = is("Pooling") && (rounding == nullptr || *rounding != "floor");
    if (room < 0 && (!may_ceil || room + strides[i] <= 0))
      return report("its window is larger than its padded input " + to_string(x()));
    const std::int64_t floor = room < 0 ? 1 : room / strides[i] + 1;
    const std::int64_t ceil = (room + strides[i] - 1) / strides[i] + 1;
    const bool is_ceil = may_ceil && y()[i + 2] == ceil;
    wanted[i + 2] = is_ceil ? ceil : floor;
  }
  expect(wanted);
}

void DimRules::same_count() {
  const auto in = elements(x());
  const auto out = elements(y());
  if (in && out && *in != *out)
    report("its output " + to_string(y()) + " has another number of elements than its input " +
           to_string(x()));
}

void DimRules::permute() {
  const std::string* text = layer_.find("order");
  const auto order = text == nullptr ? std::nullopt : to_integers(*text);
  if (!order) return;
  Shape wanted;
  for (const std::int64_t from : *order)
    if (from >= 0 && from < static_cast<std::int64_t>(x().size()))
      wanted.push_back(x()[static_cast<std::size_t>(from)]);
  Integers sorted = *order;
  std::ranges::sort(sorted);
  const bool each_once = std::ranges::adjacent_find(sorted) == sorted.end();
  if (wanted.size() != x().size() || order->size() != x().size() || !each_once)
    return report("order=\"" + *text + "\" does not name each axis of its input " + to_string(x()) + " once");
  expect(wanted);
}

void DimRules::tile() {
  const auto at = axis(-1);
  const auto tiles = integer("tiles");
  if (!at || !tiles || *tiles <= 0 || *tiles >= std::int64_t{1} << 31) return;
  Shape wanted = x();
  wanted[*at] *= *tiles;
  expect(wanted);
}

}  // namespace

void dim_rules(const Document& document, Diagnostics& findings) {
  if (!document.is_legacy()) return;
  for (const DocumentLayer& layer : document.layers) DimRules(document, layer, findings).run();
}

}  // namespace mo::ir::check
