#include <fmt/format.h>

#include "cli/values.h"
#include "support/diagnostics.h"
#include "validation_app/average_precision.h"
#include "validation_app/datasets.h"
#include "validation_app/dump.h"
#include "validation_app/progress.h"
#include "validation_app/validate.h"

namespace mo::validation {

namespace {

constexpr double least_overlap = 0.5;
constexpr std::size_t columns = 7;  // image, class, score, left, top, right, bottom

void check_output(const Network& network, const std::string& model) {
  const auto& shape = network.output_shape();
  if (shape.empty() || shape.back() != columns)
    cli::fail(code::unexpected_model,
              fmt::format("{}: its output [{}] is no list of detections, [1, 1, N, 7]", model,
                          fmt::join(shape, ", ")),
              "-t OD is for nets that end with DetectionOutput (SSD)");
}

/// The rows of one batch; image -1 ends them.
void take(const std::vector<float>& rows, const std::vector<const AnnotatedImage*>& images,
          std::vector<Detection>& detections, Dump& dump) {
  for (std::size_t i = 0; i + columns <= rows.size(); i += columns) {
    const float* row = rows.data() + i;
    if (row[0] < 0) break;
    const auto image = static_cast<std::size_t>(row[0]);
    if (image >= images.size()) continue;  // a place of the batch that was not filled
    const Detection detection{images[image]->path,
                              static_cast<int>(row[1]),
                              static_cast<double>(row[2]),
                              {static_cast<double>(row[3]), static_cast<double>(row[4]),
                               static_cast<double>(row[5]), static_cast<double>(row[6])}};
    dump.line(fmt::format("\"{}\";{};{};{};{};{};{}", detection.image, detection.category, row[2], row[3],
                          row[4], row[5], row[6]));
    detections.push_back(detection);
  }
}

void print_precisions(const std::map<int, double>& precisions) {
  fmt::print("Average precision per class table: \n\nClass\tAP\n");
  double sum = 0;
  for (const auto& [category, precision] : precisions) {
    fmt::print("{}\t{:.3f}\n", category, precision);
    sum += precision;
  }
  fmt::print("\nMean Average Precision (mAP): {:.4f}\n",
             precisions.empty() ? 0.0 : sum / static_cast<double>(precisions.size()));
}

}  // namespace

void validate_detection(const Settings& settings) {
  const auto classes = read_classes(settings.classes);
  const std::vector<AnnotatedImage> images =
      read_annotations(settings.annotations, settings.images, settings.subdir, classes);
  Network network(settings.model, settings.device, settings.cpu_extension, settings.gpu_configuration,
                  settings.batch);
  check_output(network, settings.model);

  Dump dump(settings.dump);
  Progress progress(images.size());
  std::vector<Detection> detections;
  std::vector<Truth> truths;
  std::vector<const AnnotatedImage*> loaded;
  for (const AnnotatedImage& image : images) {
    try {
      network.set_image(loaded.size(), image.path, settings.fitting);
      loaded.push_back(&image);
      truths.insert(truths.end(), image.truths.begin(), image.truths.end());
    } catch (const Failure& failure) {
      if (failure.diagnostic().code->exit != Exit::files) throw;
      fmt::print(stderr, "[ WARNING ]  left out: {}\n", failure.diagnostic().cause);
    }
    if (loaded.size() == network.batch()) {
      take(network.infer(), loaded, detections, dump);
      loaded.clear();
    }
    progress.advance(1);
  }
  if (!loaded.empty()) take(network.infer(), loaded, detections, dump);
  progress.finish();
  if (network.runs() == 0)
    cli::fail(code::dataset, settings.images + ": none of its images can be read",
              "look at the warnings above");

  print_settings(settings, network, "Object detection network");
  print_times(network);
  print_precisions(average_precisions(detections, truths, least_overlap));
  dump.finish();
}

}  // namespace mo::validation
