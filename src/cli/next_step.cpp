#include "cli/next_step.h"

#include <fmt/format.h>

#include "ir/legacy/dialect.h"

namespace mo::cli {

std::string next_step(const ConvertResult& result, int ir_version) {
  if (ir::legacy::is_legacy(ir_version))
    return fmt::format(
        "\nNext: load both files with an Inference Engine that reads IR v{} (see mo --help, --ir_version).\n",
        ir_version);
  if (result.inputs.empty() || result.outputs.empty()) return {};
  std::string feeds;
  std::string shapes;
  for (const Terminal& input : result.inputs) {
    feeds += fmt::format("{}\"{}\": {}", feeds.empty() ? "" : ", ", input.name, "array");
    shapes += fmt::format("{}{} {}", shapes.empty() ? "" : ", ", input.name, to_string(input.shape));
  }
  if (!result.onnx.empty())
    return fmt::format(
        "\nNext: infer it with ONNX Runtime (pip install onnxruntime), in Python:\n"
        "  net = onnxruntime.InferenceSession(\"{}\")\n"
        "  result, = net.run([\"{}\"], {{{}}})  # float32, {}\n",
        result.onnx, result.outputs.front().name, feeds, shapes);
  return fmt::format(
      "\nNext: infer it with the OpenVINO runtime (pip install openvino), in Python:\n"
      "  net = openvino.Core().compile_model(\"{}\", \"CPU\")\n"
      "  result = net({{{}}})[\"{}\"]  # float32, {}\n",
      result.xml, feeds, result.outputs.front().name, shapes);
}

}  // namespace mo::cli
