#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "onnx/lowering.h"
#include "ops/ops.h"
#include "ops/shapes.h"

namespace mo::op {

namespace {

/// Labels that count move to the places that a running count gives them; the others to a last place, which is
/// cut off.
void onnx_ctc(onnx::Lowering& l) {
  using onnx::DataType;
  using onnx::Value;
  const Shape& x = l.input_shape(0);
  const std::int64_t steps = x[0];
  const Shape grid{steps, x[1]};
  if (steps < 0 || x[2] < 0)
    l.refuse("the number of steps or classes of its input " + to_string(x) + " is not known",
             "give it with --input_shape");
  const auto is = [&](const char* type, Value a, Value b, const char* name) {
    return l.binary(type, a, b, name, DataType::boolean);
  };
  const Value zero = l.scalar(0.0F, "zero");
  const Value axis = l.integer(0, "time_axis");
  const Value best = l.cast(l.emit("ArgMax", {{"axis", std::int64_t{2}}, {"keepdims", false}}, {l.input(0)},
                                   grid, "best_index", DataType::i64),
                            DataType::f32, "best");
  const Value over = l.cast(is("Equal", l.input(1), zero, "is_end"), DataType::f32, "ends");
  const Value ended = l.emit("CumSum", {}, {over, axis}, grid, "ended");
  const Value runs = l.unary("Not", is("Greater", ended, zero, "is_over"), "runs");
  const Value blank = l.scalar(static_cast<float>(x[2] - 1), "blank");
  Value counts = is("And", runs, is("Less", best, blank, "is_label"), "counts");
  if (l.attributes().boolean("ctc_merge_repeated")) {
    const Value later = l.pad(best, {1, 0}, {0, 0}, "later", -1.0F);
    const Value before = l.slice(later, 0, 0, steps, "before");
    counts = is("And", counts, l.unary("Not", is("Equal", best, before, "repeats"), "is_new"), "counts_once");
  }
  const Value ones = l.cast(counts, DataType::f32, "ones");
  const Value place =
      l.binary("Sub", l.emit("CumSum", {}, {ones, axis}, grid, "counted"), l.scalar(1.0F, "one"), "place");
  const Value last = l.scalar(static_cast<float>(steps), "last_place");
  const Value target =
      l.cast(l.emit("Where", {}, {counts, place, last}, grid, "target_place"), DataType::i64, "target");
  const Value room = l.pad(best, {0, 0}, {1, 0}, "room");
  const Value empty =
      l.binary("Sub", l.binary("Mul", room, zero, "zeros"), l.scalar(1.0F, "minus"), "no_labels");
  const Value labels = l.emit("ScatterElements", {{"axis", std::int64_t{0}}}, {empty, target, best},
                              {steps + 1, x[1]}, "labels");
  const Value kept = l.transpose(l.slice(labels, 0, 0, steps, "kept"), {1, 0}, "by_sequence");
  l.output(0, l.unsqueeze(kept, {2, 3}));
}

}  // namespace

/// The most likely labels of sequences.  Inputs: probabilities [T, N, C], whose last class is the blank, and
/// indicators [T, N], whose first 0 ends a sequence.  Output: labels [N, T, 1, 1], -1 behind the last.
/// Attribute: ctc_merge_repeated.
const OpDef ctc_greedy_decoder = {
    .name = "CTCGreedyDecoder",
    .infer =
        [](ShapeContext& c) {
          const Shape& x = c.input(0);
          const Shape& indicators = c.input(1);
          c.require(x.size() == 3, "its input " + to_string(x) + " is not [T, N, classes]");
          for (std::size_t i = 0; i < 2; ++i)
            c.require(indicators.size() == 2 && (x[i] < 0 || indicators[i] < 0 || x[i] == indicators[i]),
                      "its indicators " + to_string(indicators) + " do not belong to " + to_string(x));
          c.output(0, {x[1], x[0], 1, 1});
        },
    .opset =
        [](ir::opset::Lowering& l) {
          l.output(0, l.emit("CTCGreedyDecoder", 1,
                             {{"ctc_merge_repeated", l.attributes().boolean("ctc_merge_repeated")}},
                             {l.input(0), l.input(1)}, l.output_shape()));
        },
    .legacy = ir::legacy::layer("CTCGreedyDecoder", {"ctc_merge_repeated"}),
    .onnx = onnx_ctc,
    .from_legacy = {{"CTCGreedyDecoder"}, [](ir::legacy::Reading& r) {
                      r.attributes.set("ctc_merge_repeated", r.boolean("ctc_merge_repeated", true));
                    }}};

}  // namespace mo::op
