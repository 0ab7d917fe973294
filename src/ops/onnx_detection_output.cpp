#include <algorithm>
#include <limits>
#include <vector>

#include "ops/onnx_detection.h"

// DetectionOutput as SSD's authors wrote it (bbox_util.cpp, detection_output_layer.cpp), in ONNX's operators:
// decoded boxes, NonMaxSuppression for each class, the best of each image, rows in the order of classes.

namespace mo::op {

namespace {

using onnx::DataType;
using onnx::Integers;
using onnx::Lowering;
using onnx::Value;
using onnx::Values;

constexpr float lowest = std::numeric_limits<float>::lowest();

/// What the layer works on, with N images, P priors and C classes.
struct Task {
  std::int64_t images;  ///< -1: not known
  std::int64_t priors;
  std::int64_t classes;
  std::int64_t groups;               ///< locations of a prior: one, or one for each class
  std::vector<std::int64_t> labels;  ///< the classes that are not background
};

/// Numbers of a prior: its corners, behind an image's number where they are in pixels.
std::int64_t prior_width(const Attributes& a) {
  return a.boolean("normalized") ? 4 : 5;
}

Task task_of(Lowering& l) {
  const Attributes& a = l.attributes();
  const std::int64_t values = element_count(Shape(l.input_shape(2).begin() + 2, l.input_shape(2).end()));
  if (!a.boolean("normalized") && !a.boolean("variance_encoded_in_target"))
    l.refuse("it takes priors in pixels (normalized: false) together with their variances",
             "give it priors relative to the image, or variance_encoded_in_target: true");
  if (values < 0)
    l.refuse("the number of its priors is not known", "give the size of the net's input with --input_shape");
  Task task{.images = l.input_shape(0)[0],
            .priors = values / prior_width(a),
            .classes = a.integer("num_classes"),
            .groups = 1,
            .labels = {}};
  if (!a.boolean("share_location")) task.groups = task.classes;
  for (std::int64_t label = 0; label < task.classes; ++label)
    if (label != a.integer("background_label_id")) task.labels.push_back(label);
  if (task.labels.empty()) l.refuse("it has no class beside the background", "correct num_classes");
  return task;
}

/// Row `row` of the priors [1, 2, P 4] as [1, P, 1, 4]; those in pixels relative to the image.
Value prior_row(Lowering& l, const Task& task, std::int64_t row, const std::string& name) {
  const Attributes& a = l.attributes();
  const std::int64_t width = prior_width(a);
  const Value rows = l.reshape(l.input(2), {1, -1, task.priors, width},
                               {1, l.input_shape(2)[1], task.priors, width}, name + "/rows");
  const Value one = l.slice(rows, 1, row, row + 1, name + "/row");
  const Shape boxes{1, task.priors, 1, width};
  const Value all = l.reshape(one, boxes, boxes, width == 4 ? name : name + "/all");
  if (width == 4) return all;
  const auto across = static_cast<float>(a.integer("input_width"));
  const auto down = static_cast<float>(a.integer("input_height"));
  return l.binary("Div", l.slice(all, 3, 1, 5, name + "/pixels"),
                  l.exact({across, down, across, down}, {4}, name + "/image"), name);
}

/// Corners [N, P, groups, 4] of the boxes that `locations` say relative to `priors`.
Value decoded(Lowering& l, Value priors, Value variances, Value locations, const std::string& name) {
  const std::string& code = l.attributes().text("code_type");
  const auto named = [&](const char* part) { return name + "/" + part; };
  const Value change =
      variances.present() ? l.binary("Mul", locations, variances, named("change")) : locations;
  if (code.ends_with(".CORNER")) return l.binary("Add", priors, change, name);
  const Values corners = l.split(priors, 3, {2, 2}, named("corners"));
  const Value size = l.binary("Sub", corners[1], corners[0], named("size"));
  const Values changes = l.split(change, 3, {2, 2}, named("changes"));
  Values ends;
  if (code.ends_with(".CORNER_SIZE")) {
    for (std::size_t i = 0; i < 2; ++i) {
      const std::string which = named(i == 0 ? "first" : "last");
      ends.push_back(
          l.binary("Add", corners[i], l.binary("Mul", changes[i], size, which + "/offset"), which));
    }
  } else {
    const Value half = l.scalar(0.5F, named("half"));
    const Value middle =
        l.binary("Mul", l.binary("Add", corners[0], corners[1], named("sum")), half, named("middle"));
    const Value center =
        l.binary("Add", l.binary("Mul", changes[0], size, named("shift")), middle, named("center"));
    const Value scaled = l.binary("Mul", l.unary("Exp", changes[1], named("scale")), size, named("scaled"));
    const Value reach = l.binary("Mul", scaled, half, named("reach"));
    ends = {l.binary("Sub", center, reach, named("first")), l.binary("Add", center, reach, named("last"))};
  }
  return l.concat(ends, 3, l.shape(locations), name);
}

Value all_boxes(Lowering& l, const Task& task) {
  const Shape wanted{task.images, task.priors, task.groups, 4};
  Value priors = prior_row(l, task, 0, "priors");
  Value variances;
  if (!l.attributes().boolean("variance_encoded_in_target")) variances = prior_row(l, task, 1, "variances");
  if (l.input_count() == 5) {  // RefineDet: the priors are themselves predicted
    const Shape refined{task.images, task.priors, 1, 4};
    const Value moves = l.reshape(l.input(4), {-1, task.priors, 1, 4}, refined, "refined_locations");
    priors = decoded(l, priors, variances, moves, "refined_priors");
  }
  const Value locations = l.reshape(l.input(0), {-1, task.priors, task.groups, 4}, wanted, "locations");
  return decoded(l, priors, variances, locations, "boxes");
}

/// [N, classes that are not background, P], what top_k leaves out at `lowest`.
Value candidates(Lowering& l, const Task& task) {
  Value scores = l.reshape(l.input(1), {-1, task.priors, task.classes},
                           {task.images, task.priors, task.classes}, "confidences");
  if (l.input_count() == 5) {
    const Value pairs =
        l.reshape(l.input(3), {-1, task.priors, 2}, {task.images, task.priors, 2}, "refined_confidences");
    const Value objectness = l.slice(pairs, 2, 1, 2, "objectness");
    const Value none =
        l.binary("Less", objectness, l.scalar(l.attributes().number("objectness_score"), "least"),
                 "no_object", DataType::boolean);
    scores =
        l.emit("Where", {}, {none, l.scalar(0.0F, "zero"), scores}, l.shape(scores), "object_confidences");
  }
  scores = l.transpose(scores, {0, 2, 1}, "by_class");
  const auto count = static_cast<std::int64_t>(task.labels.size());
  const Shape shape{task.images, count, task.priors};
  if (count < task.classes)
    scores = l.emit("Gather", {{"axis", std::int64_t{1}}}, {scores, l.integers(task.labels, "classes")},
                    shape, "scores");
  const std::int64_t top_k = l.attributes().integer("top_k");
  if (top_k <= 0 || top_k >= task.priors) return scores;
  const Shape best{task.images, count, top_k};
  const Values top = l.emit_many("TopK", {{"axis", std::int64_t{2}}}, {scores, l.integers({top_k}, "top_k")},
                                 {{{}, best, DataType::f32}, {{}, best, DataType::i64}}, "best");
  const Value size = l.emit("Shape", {}, {scores}, {3}, "scores/shape", DataType::i64);
  const Value none = l.emit("Expand", {}, {l.scalar(lowest, "lowest"), size}, shape, "no_scores");
  return l.emit("ScatterElements", {{"axis", std::int64_t{2}}}, {none, top[1], top[0]}, shape, "candidates");
}

/// Boxes as NonMaxSuppression is to see them: it would turn one around whose last corner lies before its
/// first, and which has no area for Caffe.
Value with_area(Lowering& l, Value boxes) {
  if (l.attributes().text("code_type").ends_with(".CENTER_SIZE")) return boxes;
  const Shape shape = l.shape(boxes);
  const Values corners = l.split(boxes, 2, {2, 2}, "box_corners");
  const Value last = l.emit("Max", {}, corners, {shape[0], shape[1], 2}, "last_corners");
  return l.concat({corners[0], last}, 2, shape, "areas");
}

/// A closing row of -1, which stands where nothing is found, and behind it what NonMaxSuppression keeps, by
/// image, class and falling score: rows [1 + K, 7] and their scores [1 + K], the closing one's at `lowest`.
struct Found {
  Value rows;
  Value scores;
};

Found suppressed(Lowering& l, const Task& task, Value boxes, Value scores) {
  const Attributes& a = l.attributes();
  const auto count = static_cast<std::int64_t>(task.labels.size());
  const bool shared = task.groups == 1;
  const std::int64_t problems = shared || task.images < 0 ? task.images : task.images * count;
  if (shared) {
    boxes = l.reshape(boxes, {-1, task.priors, 4}, {task.images, task.priors, 4}, "box_list");
  } else {  // each class is an image of its own
    boxes = l.transpose(boxes, {0, 2, 1, 3}, "boxes_by_class");
    if (count < task.classes)
      boxes = l.emit("Gather", {{"axis", std::int64_t{1}}}, {boxes, l.integers(task.labels, "classes")},
                     {task.images, count, task.priors, 4}, "class_boxes");
    boxes = l.reshape(boxes, {-1, task.priors, 4}, {problems, task.priors, 4}, "box_list");
    scores = l.reshape(scores, {-1, 1, task.priors}, {problems, 1, task.priors}, "score_list");
  }
  const std::int64_t top_k = a.integer("top_k");
  const std::int64_t most = top_k > 0 ? std::min(top_k, task.priors) : task.priors;
  const Value kept = l.emit("NonMaxSuppression", {},
                            {with_area(l, boxes), scores, l.integers({most}, "most"),
                             l.exact({a.number("nms_threshold")}, {1}, "overlap"),
                             l.exact({a.number("confidence_threshold")}, {1}, "least_score")},
                            {-1, 3}, {}, DataType::i64);
  // Not every runtime gathers from an empty list: any candidate stands at the closing row's place.
  const Value selected =
      l.concat({l.integers({0, 0, 0}, {1, 3}, "closing_place"), kept}, 0, {-1, 3}, "selected");
  const Values columns = l.split(selected, 1, {1, 1, 1}, "kept");
  Value image = columns[0];
  Value label = columns[1];
  if (!shared) {
    const Value classes = l.integers({count}, "class_count");
    image = l.binary("Div", columns[0], classes, "image", DataType::i64);
    label = l.binary("Sub", columns[0], l.binary("Mul", image, classes, "before", DataType::i64), "class",
                     DataType::i64);
  }
  const Value names = l.exact({task.labels.begin(), task.labels.end()}, {count}, "labels");
  label = l.emit("Gather", {{"axis", std::int64_t{0}}}, {names, label}, {-1, 1}, "label");
  const Value score = l.emit("GatherND", {}, {scores, selected}, {-1}, "score");
  const Value place = l.concat({columns[0], columns[2]}, 1, {-1, 2}, "place");
  const Value corners = l.emit("GatherND", {}, {boxes, place}, {-1, 4}, "corners");
  const Value rows = l.concat(
      {l.cast(image, DataType::f32, "image_number"), label, l.unsqueeze(score, {1}, "score_column"), corners},
      1, {-1, 7}, "rows");
  const auto closed = [&](Value list, Shape first, float value, const std::string& name) {
    const auto numbers = static_cast<std::size_t>(element_count(first));
    return l.emit("ScatterElements", {{"axis", std::int64_t{0}}},
                  {list, l.integers(Integers(numbers, 0), first, name + "/first"),
                   l.exact(std::vector<float>(numbers, value), first, name + "/closing")},
                  l.shape(list), name);
  };
  return {closed(rows, {1, 7}, -1.0F, "all_rows"), closed(score, {1}, lowest, "keys")};
}

Value length_of(Lowering& l, Value list, const char* name) {
  return l.emit("Shape", {}, {list}, {1}, name, DataType::i64);
}

struct Sorted {
  Value values;
  Value indices;
};

Sorted sorted(Lowering& l, Value list, bool falling, const std::string& name) {
  const DataType type = falling ? DataType::f32 : DataType::i64;
  const Value count = length_of(l, list, (name + "/count").c_str());
  const Values both = l.emit_many("TopK", {{"axis", std::int64_t{0}}, {"largest", falling}}, {list, count},
                                  {{{}, {-1}, type}, {{}, {-1}, DataType::i64}}, name);
  return {both[0], both[1]};
}

/// Of the rows in falling order of score, by index: those among the keep_top_k best of their image; -1 in
/// place of others.
Value best_of_images(Lowering& l, const Task& task, Value rows, Value order) {
  const std::int64_t keep = l.attributes().integer("keep_top_k");
  if (task.images == 1)
    return l.emit(
        "Slice", {},
        {order, l.integers({0}, "best/begin"), l.integers({keep}, "keep"), l.integers({0}, "best/axis")},
        {-1}, "best_of_image", DataType::i64);
  Value numbers;
  if (task.images > 0) {
    std::vector<float> all;
    for (std::int64_t i = 0; i < task.images; ++i) all.push_back(static_cast<float>(i));
    numbers = l.exact(std::move(all), {1, task.images}, "images");
  } else {
    const Value size = l.slice(l.emit("Shape", {}, {l.input(0)}, {2}, "images/shape", DataType::i64), 0, 0, 1,
                               "images/size");
    const Value count = l.cast(l.squeeze(size, {0}, "images/count"), DataType::f32, "images/end");
    numbers = l.emit("Range", {}, {l.scalar(0.0F, "images/first"), count, l.scalar(1.0F, "images/step")},
                     {-1}, "images/list");
    numbers = l.unsqueeze(numbers, {0}, "images");
  }
  const Value column = l.slice(rows, 1, 0, 1, "image_column");
  const Value image =
      l.emit("Gather", {{"axis", std::int64_t{0}}}, {column, order}, {-1, 1}, "image_in_order");
  const Value is_of =
      l.cast(l.binary("Equal", image, numbers, "is_image", DataType::boolean), DataType::f32, "is_of_image");
  const Value counted =
      l.emit("CumSum", {}, {is_of, l.integer(0, "rows_axis")}, {-1, task.images}, "counted");
  const Value rank = l.reduce("ReduceSum", l.binary("Mul", is_of, counted, "own_count"), {1}, false, "rank");
  const Value kept =
      l.binary("Less", rank, l.scalar(static_cast<float>(keep) + 0.5F, "keep"), "is_kept", DataType::boolean);
  return l.emit("Where", {}, {kept, order, l.integer(-1, "left_out_row")}, {-1}, "best_of_images",
                DataType::i64);
}

}  // namespace

/// Output: [1, 1, K, 7] with as many rows as there are detections; without any, one row of -1.
void onnx_detection_output(Lowering& l) {
  const Task task = task_of(l);
  const Found found = suppressed(l, task, all_boxes(l, task), candidates(l, task));
  Value order;  // of the rows, by index: the closing one is 0
  Value before = l.integers({1}, "one");
  Value count = length_of(l, found.scores, "row_count");
  if (l.attributes().integer("keep_top_k") > 0) {
    const Value falling = sorted(l, found.scores, true, "by_score").indices;
    order = sorted(l, best_of_images(l, task, found.rows, falling), false, "by_class_again").values;
    count = length_of(l, order, "best_count");
    const Value left_out = l.binary("Less", order, before, "is_left_out", DataType::boolean);
    before = l.reduce("ReduceSum", l.cast(left_out, DataType::i64, "marks"), {0}, true, "left_out");
  }
  // Those in front are left out, but for the closing row where it is the only one.
  const Value is_found = l.binary("Less", before, count, "is_found", DataType::boolean);
  const Value begin =
      l.emit("Where", {}, {is_found, before, l.integers({0}, "begin")}, {1}, "kept_begin", DataType::i64);
  const auto behind = [&](Value list, Shape shape, DataType type, const std::string& name) {
    return l.emit("Slice", {}, {list, begin, count, l.integers({0}, name + "/axis")}, std::move(shape), name,
                  type);
  };
  Value kept;
  if (order.present())
    kept = l.emit("Gather", {{"axis", std::int64_t{0}}},
                  {found.rows, behind(order, {-1}, DataType::i64, "row_order")}, {-1, 7}, "kept_rows");
  else
    kept = behind(found.rows, {-1, 7}, DataType::f32, "kept_rows");
  l.output(0, l.reshape(kept, {1, 1, -1, 7}, {1, 1, -1, 7}));
}

}  // namespace mo::op
