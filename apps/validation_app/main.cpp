#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/values.h"
#include "common/options.h"
#include "common/run_app.h"
#include "support/letter_case.h"
#include "validation_app/validate.h"

namespace mo::validation {

namespace {

using apps::AppArguments;
using apps::AppOption;

/// As the Inference Engine's release of 2018 had them.
constexpr std::array options{
    AppOption{"h", "", "Print this help."},
    AppOption{"t", "<type>", "Type of the network: C for classification (default), OD for object detection."},
    AppOption{"i", "<path>",
              "Required. Classification: folder with a folder of images for each class, or a list (.txt) "
              "with an image and the number of its class a line. Detection: folder of the VOC dataset."},
    AppOption{"m", "<path>", "Required. The IR (.xml), of any version."},
    AppOption{"lbl", "<path>", "Names of the classes, one a line; by default MODEL.labels beside the model."},
    AppOption{"l", "<path>", "Library with operations of your own, for the CPU."},
    AppOption{"c", "<path>", "Description (.xml) of kernels of your own, for the GPU."},
    AppOption{"d", "<device>", "Device of the OpenVINO runtime; default CPU."},
    AppOption{"b", "N", "Images in a batch; by default as the IR has it."},
    AppOption{"ppType", "<type>",
              "How images are brought to the input's size: None, Resize (default), ResizeCrop."},
    AppOption{"ppSize", "N", "Width and height from which ResizeCrop takes the middle."},
    AppOption{"ppWidth", "W", "Width alone, in place of -ppSize."},
    AppOption{"ppHeight", "H", "Height alone, in place of -ppSize."},
    AppOption{"dump", "", "Write the results of each image into dumpfileNNNN.csv."},
    AppOption{"Czb", "",
              "Classification: class 0 of the model is a background that the dataset does not count."},
    AppOption{"ODkind", "<kind>", "Detection: kind of the network; SSD."},
    AppOption{"ODa", "<path>", "Detection, required. Folder with VOC annotations (.xml)."},
    AppOption{"ODc", "<file>", "Detection, required. List of classes, a name and a number a line."},
    AppOption{"ODsubdir", "<name>",
              "Detection: folder between the one that an annotation names and the image; "
              "JPEGImages for VOC2007."},
};

[[noreturn]] void refuse(const std::string& cause, const std::string& remedy) {
  cli::fail(code::command_line, cause, remedy);
}

Fitting to_fitting(const AppArguments& arguments) {
  const std::string type = lower_case(arguments.value_or("ppType", "Resize"));
  if (type == "none") return {Fit::none, 0, 0};
  if (type == "resize") return {Fit::resize, 0, 0};
  if (type != "resizecrop")
    refuse("-ppType " + arguments.value_or("ppType", "") + " is not known",
           "choose None, Resize or ResizeCrop");
  const int size = apps::number_option(arguments, "ppSize", 1).value_or(0);
  const Fitting fitting{Fit::resize_crop, apps::number_option(arguments, "ppWidth", 1).value_or(size),
                        apps::number_option(arguments, "ppHeight", 1).value_or(size)};
  if (fitting.width == 0 || fitting.height == 0)
    refuse("-ppType ResizeCrop needs a size", "give -ppSize, or -ppWidth and -ppHeight");
  return fitting;
}

std::string required(const AppArguments& arguments, const std::string& name, const std::string& what) {
  std::string value = arguments.value_or(name, "");
  if (value.empty()) refuse("-" + name + " is missing: " + what, "see validation_app -h");
  return value;
}

Settings to_settings(const AppArguments& arguments, bool detection) {
  Settings settings;
  settings.model = required(arguments, "m", "the IR");
  settings.images = required(arguments, "i", "the images");
  settings.device = arguments.value_or("d", "CPU");
  settings.batch = apps::number_option(arguments, "b", 1).value_or(0);
  settings.fitting = to_fitting(arguments);
  settings.cpu_extension = arguments.value_or("l", "");
  settings.gpu_configuration = arguments.value_or("c", "");
  settings.dump = arguments.is_on("dump");
  settings.labels = arguments.value_or("lbl", "");
  settings.zero_background = arguments.is_on("Czb");
  for (const std::string& path : {settings.model, settings.images, settings.labels})
    if (!path.empty() && !cli::path_exists(path))
      cli::fail(code::file_not_found, path + ": there is no such file", "check the path");
  if (!detection) return settings;
  const std::string kind = arguments.value_or("ODkind", "SSD");
  if (kind != "SSD")
    refuse("-ODkind " + kind + " is not known", "SSD is: nets that end with DetectionOutput");
  settings.annotations = required(arguments, "ODa", "the folder with the annotations");
  settings.classes = required(arguments, "ODc", "the list of classes");
  settings.subdir = arguments.value_or("ODsubdir", "");
  return settings;
}

int run(std::span<const std::string> words) {
  const AppArguments arguments = apps::parse_options(words, options);
  if (words.empty() || arguments.is_on("h")) {
    fmt::print("Usage: validation_app [OPTION]\n\nThe accuracy of an IR on a dataset.\n\n{}",
               apps::options_text(options, "-"));
    return 0;
  }
  const std::string type = arguments.value_or("t", "C");
  if (type != "C" && type != "OD") refuse("-t " + type + " is not known", "choose C or OD");
  const Settings settings = to_settings(arguments, type == "OD");
  if (type == "OD")
    validate_detection(settings);
  else
    validate_classification(settings);
  return 0;
}

}  // namespace

void print_settings(const Settings& settings, const Network& network, const std::string& approach) {
  fmt::print(
      "\nNetwork load time: {:.2f}ms\nModel: {}\nModel Precision: {}\nBatch size: {}\nValidation dataset: "
      "{}\n"
      "Validation approach: {}\nDevice: {}\n\n",
      network.load_milliseconds(), settings.model, network.precision(), network.batch(), settings.images,
      approach, settings.device);
}

void print_times(const Network& network) {
  const double average =
      network.infer_milliseconds() / static_cast<double>(std::max<std::size_t>(1, network.runs()));
  fmt::print("Average infer time (ms): {:.2f} ({:.2f} images per second with batch size = {})\n", average,
             average > 0 ? 1000 * static_cast<double>(network.batch()) / average : 0.0, network.batch());
}

}  // namespace mo::validation

int main(int argc, char** argv) {
  return mo::apps::run_app(argc, argv, mo::validation::run);
}
