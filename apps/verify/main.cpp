#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "cli/values.h"
#include "common/model.h"
#include "common/options.h"
#include "common/run_app.h"
#include "support/path.h"
#include "verify/verify.h"

namespace {

using mo::apps::AppArguments;
using mo::apps::AppOption;

constexpr std::array options{
    AppOption{"help", "", "Show this help and stop."},
    AppOption{"input_model", "FILE", "The .caffemodel that was converted."},
    AppOption{"input_proto", "FILE", "Its prototxt; by default beside the model, with the same stem."},
    AppOption{
        "ir", "FILE",
        "The IR, of any version, or the ONNX model (.onnx); by default the model's stem with .xml in the "
        "current folder."},
    AppOption{"image", "FILE", "Feed an image, resized to the input, instead of random numbers."},
    AppOption{"inputs", "FILE.npz",
              "Feed arrays by the names of Caffe's inputs, [N, C, H, W], as the IR is fed."},
    AppOption{"seed", "N", "Of the random numbers; default 1."},
    AppOption{"range", "LOW,HIGH",
              "Of the random numbers. Default for images: 0,255 where the IR subtracts a mean, "
              "else -128,127; -1,1 for other inputs."},
    AppOption{"caffe", "COMMAND",
              "Run Caffe itself: COMMAND PROTOTXT CAFFEMODEL IN.npz OUT.npz. For its Python "
              "module: \"python scripts/run_caffe.py\". Default: OpenCV's dnn module."},
    AppOption{"recorded", "FILE",
              "Compare with blobs recorded elsewhere (.npz, .npy or a folder of .npy); needs the "
              "same --inputs."},
    AppOption{"old_engine", "COMMAND", "Infer the IR in an old engine too: COMMAND IR.xml IN.npz OUT.npz."},
    AppOption{
        "onnx_runtime", "COMMAND",
        "Infer the ONNX model by a command: COMMAND MODEL.onnx IN.npz OUT.npz. With ONNX Runtime: \"python "
        "scripts/run_onnx.py\". Default: the OpenVINO runtime, which reads ONNX too."},
    AppOption{"mean_file", "FILE", "The mean image that was converted into the IR."},
    AppOption{"tolerance", "X",
              "Largest difference by largest value that still agrees; default 1e-4, of FP16 weights "
              "0.1 and a cosine of 0.999."},
    AppOption{"device", "NAME", "Of the OpenVINO runtime; default CPU."},
    AppOption{"report", "FILES", "Write .json, .html or both, separated by a comma."},
    AppOption{"keep", "DIR", "Write the arrays of both sides there, as .npz."},
    AppOption{"silent", "", "Print the verdict alone."},
};

constexpr std::string_view usage =
    "Compares an IR, or an ONNX model, with the Caffe net it was made of, layer by layer.\n\n"
    "  mo verify --input_model net.caffemodel [--input_proto net.prototxt] [--ir net.xml] [options]\n\n"
    "Exit status: 0 it agrees, 1 it differs or cannot be compared, 2 the command line, 3 files.\n\n";

std::pair<float, float> range_of(const std::string& text) {
  const auto parts = mo::cli::split(text);
  const auto low = parts.size() == 2 ? mo::cli::number(parts[0]) : std::nullopt;
  const auto high = parts.size() == 2 ? mo::cli::number(parts[1]) : std::nullopt;
  if (!low || !high || *low >= *high)
    mo::cli::fail(mo::code::command_line, "--range " + text + " is no range",
                  "write, for example, --range=0,255");
  return {static_cast<float>(*low), static_cast<float>(*high)};
}

void require(const std::string& path, const std::string& option) {
  if (!path.empty() && !mo::cli::path_exists(path))
    mo::cli::fail(mo::code::file_not_found, path + ": there is no such file (--" + option + ")",
                  "check the path");
}

mo::verify::VerifyOptions to_options(const AppArguments& arguments) {
  mo::verify::VerifyOptions result;
  result.files.caffemodel = arguments.value_or("input_model", "");
  if (result.files.caffemodel.empty())
    mo::cli::fail(mo::code::command_line, "no Caffe model is given",
                  "name it: mo verify --input_model net.caffemodel --ir net.xml");
  const std::filesystem::path model = mo::without_ending(result.files.caffemodel);
  result.xml = arguments.value_or("ir", model.filename().string() + ".xml");
  result.files.prototxt = arguments.value_or("input_proto", model.string() + ".prototxt");
  require(result.files.caffemodel, "input_model");
  require(result.files.prototxt, "input_proto");
  require(result.xml, "ir");
  result.mean_file = arguments.value_or("mean_file", "");
  result.inputs.arrays = arguments.value_or("inputs", "");
  result.inputs.image = arguments.value_or("image", "");
  result.inputs.seed = static_cast<unsigned>(mo::apps::number_option(arguments, "seed", 0).value_or(1));
  if (arguments.has("range")) result.inputs.range = range_of(arguments.value_or("range", ""));
  result.caffe_command = arguments.value_or("caffe", "");
  result.recorded = arguments.value_or("recorded", "");
  if (!result.recorded.empty() && result.inputs.arrays.empty() && result.inputs.image.empty())
    mo::cli::fail(mo::code::verify_inputs, "--recorded results belong to inputs that are not given",
                  "give the same arrays with --inputs FILE.npz, or the same --image");
  result.old_engine_command = arguments.value_or("old_engine", "");
  result.onnx_command = arguments.value_or("onnx_runtime", "");
  if (!result.onnx_command.empty() && !mo::apps::is_onnx(result.xml))
    mo::cli::fail(mo::code::command_line,
                  "--onnx_runtime is for ONNX models, and " + result.xml + " is an IR",
                  "name the model: --ir net.onnx");
  result.device = arguments.value_or("device", "CPU");
  result.keep = arguments.value_or("keep", "");
  if (arguments.has("tolerance")) {
    result.tolerance = mo::cli::number(arguments.value_or("tolerance", ""));
    if (!result.tolerance || *result.tolerance <= 0)
      mo::cli::fail(mo::code::command_line, "--tolerance is not a positive number",
                    "write, for example, 1e-3");
  }
  return result;
}

void write_reports(const std::string& files, const mo::verify::Report& report) {
  for (const std::string& path : mo::cli::split(files)) {
    const bool page = path.ends_with(".html");
    if (!page && !path.ends_with(".json"))
      mo::cli::fail(mo::code::command_line, "--report " + path + " is neither .json nor .html",
                    "name the files by what they shall be");
    std::ofstream file(path, std::ios::binary);
    file << (page ? to_html(report) : to_json_text(report));
    if (!file.flush())
      mo::cli::fail(mo::code::output_not_writable, path + ": the report cannot be written",
                    "check the folder and its permissions");
  }
}

int run(std::span<const std::string> words) {
  const AppArguments arguments = mo::apps::parse_options(words, options);
  if (words.empty() || arguments.is_on("help")) {
    fmt::print("{}{}", usage, mo::apps::options_text(options, "--"));
    return 0;
  }
  const mo::verify::Report report = mo::verify::verify(to_options(arguments));
  if (arguments.has("report")) write_reports(arguments.value_or("report", ""), report);
  if (!arguments.is_on("silent")) fmt::print("{}\n", to_text(report));
  if (report.agrees()) {
    fmt::print("[ SUCCESS ] {}\n", report.verdict());
    return 0;
  }
  std::fflush(stdout);
  mo::cli::fail(mo::code::results_differ, report.verdict(), "see docs/verify.md for what to look at first");
}

}  // namespace

int main(int argc, char** argv) {
  return mo::apps::run_app(argc, argv, run);
}
