#include "verify/verify.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include "cli/values.h"
#include "common/run_app.h"
#include "verify/ir_executor.h"
#include "verify/judgement.h"
#include "verify/npz.h"
#include "verify/onnx_model.h"
#include "verify/reference.h"

namespace mo::verify {

namespace {

Limits limits_of(const VerifyOptions& options, bool half) {
  if (options.tolerance) return {*options.tolerance, 0};
  return half ? Limits{0.1, 0.999} : Limits{1e-4, 0};
}

Reference run_reference(const VerifyOptions& options, const caffe::Net& net, const Arrays& feeds,
                        const std::vector<Observation>& observations) {
  if (!options.recorded.empty()) return read_recorded(options.recorded, net, observations);
  if (!options.caffe_command.empty())
    return run_caffe(options.caffe_command, options.files, net, feeds, observations);
  return run_opencv(options.files, net, feeds, observations);
}

/// Whether some layer chooses regions, so that how many rows the layers behind it have depends on the
/// numbers.
bool chooses_regions(const caffe::Net& net) {
  static constexpr std::array<std::string_view, 4> types{"Proposal", "RPNProposal", "SimplerNMS", "Python"};
  return std::ranges::any_of(net.layers, [](const caffe::Layer& layer) {
    return std::ranges::find(types, layer.type) != types.end();
  });
}

bool is_detection(const caffe::Layer& layer) {
  return layer.type == "DetectionOutput";
}

Row to_row(const caffe::Layer& layer, const Observation& observation, const Array& whole,
           const Array* expected, bool regions) {
  Row row{layer.name, layer.type, layer.tops[observation.top], whole.shape, {}, true, {}};
  if (expected == nullptr || whole.values.empty()) {
    row.note = expected == nullptr ? "not known to the Caffe side" : "not given by the command";
    return row;
  }
  const Array found = regions ? leading_rows(whole, expected->shape) : whole;
  if (found.shape != whole.shape)
    row.note = "the first " + std::to_string(found.shape[0]) + " rows: the runtime fills the list up";
  std::int64_t step = 1;
  const Array places = at_places_of(*expected, found.shape, step);
  if (step > 1) row.note = "every " + std::to_string(step) + ". row and column: its stride was moved up";
  row.difference =
      is_detection(layer) ? compare_detections(found, *expected).difference : compare(found, places);
  return row;
}

/// The rows of all observations, judged in the order of the net.
std::vector<Row> judged_rows(const caffe::Net& net, const std::vector<Observation>& observations,
                             const IrResults& results, const Reference& reference, const Limits& limits) {
  const bool regions = chooses_regions(net);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    Row& row = rows.emplace_back(to_row(net.layers[observations[i].layer], observations[i],
                                        results.observed[i], reference.observed[i], regions));
    if (!row.difference) continue;
    row.agrees = within(*row.difference, limits);
    if (!row.agrees && within(*row.difference, limits, inherited_difference(net, observations, rows, i))) {
      row.agrees = true;
      row.note = "no more than the difference of its bottom explains";
    }
  }
  return rows;
}

/// `inherited`: inherited_difference of its layer.
OutputRow to_output(const IrOutput& output, const caffe::Layer* layer, const std::string& blob,
                    const Array* expected, const Limits& limits, bool regions, double inherited) {
  OutputRow row;
  row.name = layer == nullptr ? output.name : blob;
  if (expected == nullptr) return row;
  if (layer != nullptr && is_detection(*layer)) {
    row.detections = compare_detections(output.values, *expected);
    row.difference = row.detections->difference;
  } else {
    const Array found = regions ? leading_rows(output.values, expected->shape) : output.values;
    row.difference = compare(found, *expected);
    row.ranking = compare_ranking(found, *expected);
  }
  row.agrees = within(*row.difference, limits, inherited) && row.ranking.same_best == row.ranking.rows;
  return row;
}

/// Layers of the net without a place of their own in the IR.
std::vector<std::string> fused_layers(const caffe::Net& net, const std::vector<Observation>& observations) {
  std::set<std::size_t> seen;
  for (const Observation& observation : observations) seen.insert(observation.layer);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < net.layers.size(); ++i)
    if (!seen.contains(i) && !net.layers[i].bottoms.empty()) names.push_back(net.layers[i].name);
  return names;
}

void keep_arrays(const std::string& folder, const caffe::Net& net, const Feeds& feeds,
                 const Reference& reference, const std::vector<Observation>& observations,
                 const IrResults& results) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::set<std::string> repeated = repeated_names(net);
  Arrays theirs;
  Arrays ours;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const caffe::Layer& layer = net.layers[observations[i].layer];
    const std::size_t top = observations[i].top;
    const std::string name = repeated.contains(layer.name) ? layer.tops[top]
                             : top == 0                    ? layer.name
                                                           : layer.name + "." + std::to_string(top);
    ours[name] = results.observed[i];
    if (reference.observed[i] != nullptr) theirs[name] = *reference.observed[i];
  }
  write_npz(folder + "/inputs.npz", feeds.application);
  write_npz(folder + "/caffe_inputs.npz", feeds.caffe);
  write_npz(folder + "/caffe.npz", theirs);
  write_npz(folder + "/ir.npz", ours);
}

/// The array called as an output, else the only one of its size.
const Array* pick(const Arrays& arrays, const std::vector<std::string>& names, std::size_t size) {
  for (const std::string& name : names)
    if (const auto it = arrays.find(name); it != arrays.end()) return &it->second;
  const Array* alike = nullptr;
  for (const auto& [name, array] : arrays) {
    if (array.values.size() != size) continue;
    if (alike != nullptr) return nullptr;
    alike = &array;
  }
  return alike;
}

}  // namespace

Report verify(const VerifyOptions& options) {
  Diagnostics diagnostics;
  const caffe::Net net = caffe::read_net(options.files, diagnostics);
  Diagnostics errors;  // what the conversion warned of needs no second warning
  for (const Diagnostic& diagnostic : diagnostics.all())
    if (diagnostic.severity == Severity::error) errors.add(diagnostic);
  apps::print_and_check(errors);

  ov::Core core = apps::open_runtime(options.device);
  const apps::LoadedModel loaded = apps::load_model(core, options.xml);
  const Embedded embedded = read_embedded(options.xml, options.files, options.mean_file);
  const Feeds feeds = make_feeds(inputs_of(*loaded.model), net, embedded, options.inputs);
  const std::vector<Observation> observations = find_observations(loaded, net);
  const Reference reference = run_reference(options, net, feeds.caffe, observations);
  IrResults results;
  if (!options.onnx_command.empty())
    results = run_onnx(options.onnx_command, loaded, net, feeds.ir, observations);
  else
    apps::in_runtime(options.xml,
                     [&] { results = infer(core, *loaded.model, options.device, feeds.ir, observations); });

  const Limits limits = limits_of(options, has_half_weights(*loaded.model));
  Report report{
      options.xml, reference.executor, feeds.description, limits.relative, limits.least_cosine, {}, {}, {}};
  report.rows = judged_rows(net, observations, results, reference, limits);
  report.fused = fused_layers(net, observations);
  Arrays old;
  if (!options.old_engine_command.empty())
    old = run_old_engine(options.old_engine_command, options.xml, feeds.application);
  for (const IrOutput& output : results.outputs) {
    const caffe::Layer* layer = nullptr;
    const Array* expected = nullptr;
    std::string blob = output.name;
    double inherited = 0;
    if (output.observation) {
      layer = &net.layers[observations[*output.observation].layer];
      blob = layer->tops[observations[*output.observation].top];
      expected = reference.observed[*output.observation];
      inherited = inherited_difference(net, observations, report.rows, *output.observation);
    }
    OutputRow row = to_output(output, layer, blob, expected, limits, chooses_regions(net), inherited);
    if (const Array* array =
            expected == nullptr ? nullptr : pick(old, {output.name, blob}, output.values.values.size())) {
      row.old_engine = layer != nullptr && is_detection(*layer)
                           ? compare_detections(*array, *expected).difference
                           : compare(*array, *expected);
      row.agrees = row.agrees && within(*row.old_engine, limits);
    }
    report.outputs.push_back(std::move(row));
  }
  if (!options.keep.empty()) keep_arrays(options.keep, net, feeds, reference, observations, results);
  if (std::ranges::none_of(report.rows, [](const Row& row) { return row.difference.has_value(); }))
    cli::fail(code::nothing_to_compare,
              "no layer of the IR is known to the Caffe side: " + reference.executor,
              "compare with the net that the IR was made of; recorded arrays are called as Caffe's blobs or "
              "layers");
  return report;
}

}  // namespace mo::verify
