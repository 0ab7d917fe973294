#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <span>

#include "cli/values.h"
#include "support/diagnostics.h"
#include "validation_app/datasets.h"
#include "validation_app/dump.h"
#include "validation_app/progress.h"
#include "validation_app/validate.h"

namespace mo::validation {

namespace {

constexpr std::size_t top_count = 5;

struct Score {
  std::size_t total = 0;
  std::size_t best = 0;
  std::size_t among = 0;  ///< the five best
};

std::size_t class_count(const Network& network, const std::string& model) {
  const auto& shape = network.output_shape();
  const bool flat = shape.size() >= 2 && shape[1] > 1 &&
                    std::all_of(shape.begin() + 2, shape.end(), [](std::size_t size) { return size == 1; });
  if (!flat || shape[0] != network.batch())
    cli::fail(
        code::unexpected_model,
        fmt::format("{}: its output [{}] is not one number for each class", model, fmt::join(shape, ", ")),
        "-t OD is for detection; choose another output when you convert: mo --output NAME");
  return shape[1];
}

std::vector<std::size_t> best_classes(std::span<const float> scores) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t count = std::min(top_count, order.size());
  std::partial_sort(
      order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
      [&](std::size_t a, std::size_t b) { return scores[a] != scores[b] ? scores[a] > scores[b] : a < b; });
  order.resize(count);
  return order;
}

void judge(const LabelledImage& image, std::size_t expected, std::span<const float> scores, Score& score,
           Dump& dump) {
  const std::vector<std::size_t> best = best_classes(scores);
  const bool right = best.front() == expected;
  ++score.total;
  if (right) ++score.best;
  if (std::ranges::find(best, expected) != best.end()) ++score.among;
  if (!dump.wanted()) return;
  std::string line = fmt::format("\"{}\";{}", image.path, right ? 1 : 0);
  for (const std::size_t category : best) line += fmt::format(";{};{}", category, scores[category]);
  dump.line(line);
}

void check_classes(const std::vector<LabelledImage>& images, std::size_t classes, std::size_t shift,
                   const Settings& settings) {
  for (const LabelledImage& image : images)
    if (static_cast<std::size_t>(image.category) + shift >= classes)
      cli::fail(code::dataset,
                fmt::format("{}: its class is {}, but the model has {} classes, from 0 on", image.path,
                            image.category, classes),
                "check the list of images and " + settings.images + ", and -Czb");
}

}  // namespace

void validate_classification(const Settings& settings) {
  Network network(settings.model, settings.device, settings.cpu_extension, settings.gpu_configuration,
                  settings.batch);
  const std::size_t classes = class_count(network, settings.model);
  const std::string labels = settings.labels.empty()
                                 ? std::filesystem::path(settings.model).replace_extension(".labels").string()
                                 : settings.labels;
  const std::vector<LabelledImage> images = read_classification_set(settings.images, labels);
  const std::size_t shift = settings.zero_background ? 1 : 0;
  check_classes(images, classes, shift, settings);

  Dump dump(settings.dump);
  Progress progress(images.size());
  Score score;
  std::vector<const LabelledImage*> loaded;
  const auto infer = [&] {
    const std::vector<float>& scores = network.infer();
    for (std::size_t i = 0; i < loaded.size(); ++i)
      judge(*loaded[i], static_cast<std::size_t>(loaded[i]->category) + shift,
            std::span(scores).subspan(i * classes, classes), score, dump);
    loaded.clear();
  };
  for (const LabelledImage& image : images) {
    try {
      network.set_image(loaded.size(), image.path, settings.fitting);
      loaded.push_back(&image);
    } catch (const Failure& failure) {
      if (failure.diagnostic().code->exit != Exit::files) throw;
      fmt::print(stderr, "[ WARNING ]  left out: {}\n", failure.diagnostic().cause);
    }
    if (loaded.size() == network.batch()) infer();
    progress.advance(1);
  }
  if (!loaded.empty()) infer();
  progress.finish();
  if (score.total == 0)
    cli::fail(code::dataset, settings.images + ": none of its images can be read",
              "look at the warnings above");

  print_settings(settings, network, "Classification network");
  print_times(network);
  const auto percent = [&](std::size_t count) {
    return 100.0 * static_cast<double>(count) / static_cast<double>(score.total);
  };
  fmt::print("Top1 accuracy: {:.2f}% ({} of {} images were detected correctly, top class is correct)\n",
             percent(score.best), score.best, score.total);
  fmt::print(
      "Top5 accuracy: {:.2f}% ({} of {} images were detected correctly, top five classes contain required "
      "class)\n",
      percent(score.among), score.among, score.total);
  dump.finish();
}

}  // namespace mo::validation
