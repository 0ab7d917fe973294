#include "report/code_samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace mo::report {

namespace {

/// A string literal of both languages: names may hold anything.
std::string literal(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      (result += '\\') += c;
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      result += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    else
      result += c;
  }
  return result + '"';
}

/// The types of an IR's elements: as the IR, NumPy and C++ call them.
struct ElementNames {
  std::string_view element;
  std::string_view numpy;
  std::string_view cpp;
};

const ElementNames& names_of(const std::string& element_type) {
  static constexpr std::array<ElementNames, 6> all{{{"f32", "np.float32", "float"},
                                                    {"f16", "np.float16", "ov::float16"},
                                                    {"u8", "np.uint8", "std::uint8_t"},
                                                    {"i32", "np.int32", "std::int32_t"},
                                                    {"i64", "np.int64", "std::int64_t"},
                                                    {"boolean", "np.bool_", "char"}}};
  const auto found = std::ranges::find(all, element_type, &ElementNames::element);
  return found == all.end() ? all.front() : *found;
}

/// Sizes that an application can begin with: 1 where any will do.
std::string dims(const Shape& shape, std::string_view last = "") {
  std::string text;
  for (const std::int64_t dim : shape)
    text += fmt::format("{}{}", text.empty() ? "" : ", ", dim < 0 ? 1 : dim);
  return shape.size() == 1 ? text + std::string(last) : text;
}

/// What the reader has to know of an input.
std::string remark(const Border& input) {
  return std::ranges::any_of(input.shape, [](std::int64_t dim) { return dim < 0; })
             ? "your data, of any size where the shape " + to_string(input.shape) + " has ?"
             : "your data";
}

/// What the application need not do, as comments.
std::string preprocessing_comments(const Conversion& conversion, std::string_view mark) {
  std::string text;
  for (const std::string& sentence : conversion.preprocessing)
    text += fmt::format("{} The model does it: {}.\n", mark, sentence);
  return text;
}

std::string python_inputs(const Conversion& conversion, bool by_index) {
  std::string text = "inputs = {\n";
  for (std::size_t i = 0; i < conversion.inputs.size(); ++i) {
    const Border& input = conversion.inputs[i];
    text += fmt::format("    {}: np.zeros(({}), {}),  # {}{}\n",
                        by_index ? std::to_string(i) : literal(input.name), dims(input.shape, ","),
                        names_of(input.element_type).numpy, by_index ? literal(input.name) + ": " : "",
                        remark(input));
  }
  return text + "}\n";
}

std::string python_list(const std::vector<Border>& borders) {
  std::string text;
  for (const Border& border : borders) text += (text.empty() ? "" : ", ") + literal(border.name);
  return "[" + text + "]";
}

constexpr std::string_view print_result = "    print(name, result.shape, result.dtype)\n";

std::string openvino_python(const Conversion& conversion) {
  const bool by_index = conversion.version == 10;  // whose tensors have no names
  std::string text = "# pip install openvino numpy\nimport numpy as np\nimport openvino\n\n";
  text += preprocessing_comments(conversion, "#");
  text += fmt::format("model = openvino.Core().compile_model({}, \"CPU\")\n", literal(conversion.model));
  text += python_inputs(conversion, by_index) + "results = model(inputs)\n";
  text += by_index
              ? fmt::format("for i, name in enumerate({}):\n    result = results[i]\n",
                            python_list(conversion.outputs))
              : fmt::format("for name in {}:\n    result = results[name]\n", python_list(conversion.outputs));
  return text + std::string(print_result);
}

std::string onnx_python(const Conversion& conversion) {
  std::string text = "# pip install onnxruntime numpy\nimport numpy as np\nimport onnxruntime\n\n";
  text += preprocessing_comments(conversion, "#");
  text += fmt::format("session = onnxruntime.InferenceSession({})\n", literal(conversion.model));
  text += python_inputs(conversion, false);
  text += fmt::format("names = {}\nfor name, result in zip(names, session.run(names, inputs)):\n",
                      python_list(conversion.outputs));
  return text + std::string(print_result);
}

/// The Inference Engine of 2018 had plugins (v2 to v4), that of 2019 and 2020 one core.
std::string legacy_python(const Conversion& conversion) {
  const bool plugins = conversion.version <= 4;
  std::string text = fmt::format(
      "# An Inference Engine that reads IR v{}: see mo --help-all, --ir_version\nimport numpy as np\n"
      "from openvino.inference_engine import {}\n\n",
      conversion.version, plugins ? "IENetwork, IEPlugin" : "IECore, IENetwork");
  text += preprocessing_comments(conversion, "#");
  text += fmt::format("network = IENetwork(model={}, weights={})\n", literal(conversion.model),
                      literal(conversion.weights));
  text += plugins ? "executable = IEPlugin(device=\"CPU\").load(network=network)\n"
                  : "executable = IECore().load_network(network, \"CPU\")\n";
  text += python_inputs(conversion, false);
  return text + "for name, result in executable.infer(inputs).items():\n" + std::string(print_result);
}

std::string cpp_input(const Border& input, std::size_t index, bool by_index) {
  const ElementNames& names = names_of(input.element_type);
  const std::string set = by_index
                              ? fmt::format("request.set_input_tensor({}, input{})", index, index)
                              : fmt::format("request.set_tensor({}, input{})", literal(input.name), index);
  return fmt::format(
      "  // {0}: {1}\n  ov::Tensor input{2}(ov::element::{3}, {{{4}}});\n"
      "  std::fill_n(input{2}.data<{5}>(), input{2}.get_size(), {5}(0));\n  {6};\n",
      literal(input.name), remark(input), index, names.element, dims(input.shape), names.cpp, set);
}

}  // namespace

std::string written_as(const Conversion& conversion) {
  return conversion.is_onnx ? fmt::format("ONNX, opset {}", conversion.version)
                            : fmt::format("IR v{}", conversion.version);
}

std::string python_code(const Conversion& conversion) {
  if (conversion.model.empty()) return {};
  if (conversion.is_onnx) return onnx_python(conversion);
  return conversion.is_legacy() ? legacy_python(conversion) : openvino_python(conversion);
}

std::string cpp_code(const Conversion& conversion) {
  if (conversion.model.empty() || conversion.is_legacy()) return {};
  const bool by_index = !conversion.is_onnx && conversion.version == 10;
  std::string text =
      "// CMakeLists.txt:  find_package(OpenVINO REQUIRED COMPONENTS Runtime)\n"
      "//                  add_executable(infer infer.cpp)\n"
      "//                  target_link_libraries(infer PRIVATE openvino::runtime)\n"
      "#include <algorithm>\n#include <cstdint>\n#include <iostream>\n#include <openvino/openvino.hpp>\n\n"
      "int main() {\n";
  text += preprocessing_comments(conversion, "  //");
  text += fmt::format(
      "  ov::Core core;\n  ov::CompiledModel model = core.compile_model({}, \"CPU\");\n"
      "  ov::InferRequest request = model.create_infer_request();\n",
      literal(conversion.model));
  for (std::size_t i = 0; i < conversion.inputs.size(); ++i)
    text += cpp_input(conversion.inputs[i], i, by_index);
  text += "  request.infer();\n";
  for (std::size_t i = 0; i < conversion.outputs.size(); ++i) {
    const std::string name = literal(conversion.outputs[i].name);
    text += fmt::format(
        "  ov::Tensor output{0} = request.{1};\n  std::cout << {2} << ' ' << output{0}.get_shape() << "
        "'\\n';\n",
        i, by_index ? fmt::format("get_output_tensor({})", i) : fmt::format("get_tensor({})", name), name);
  }
  return text + "}\n";
}

}  // namespace mo::report
