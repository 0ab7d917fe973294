#include "ir/legacy/reading.h"
#include "ir/legacy/spelling.h"
#include "ir/opset/lowering.h"
#include "ops/ops.h"
#include "ops/shapes.h"

namespace mo::op {

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
    .from_legacy = {{"CTCGreedyDecoder"}, [](ir::legacy::Reading& r) {
                      r.attributes.set("ctc_merge_repeated", r.boolean("ctc_merge_repeated", true));
                    }}};

}  // namespace mo::op
