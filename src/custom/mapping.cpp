#include "custom/mapping.h"

#include <algorithm>
#include <optional>
#include <pugixml.hpp>
#include <utility>

namespace mo::custom {

namespace {

constexpr std::size_t max_mapping_size = 1U << 20U;

bool same_letters(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 256 && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.' || c == ':';
  });
}

class Reader {
 public:
  Reader(const MappedFile& file, Diagnostics& diagnostics) : file_(file), diagnostics_(diagnostics) {}

  std::vector<MappedLayer> run() {
    if (file_.text().size() > max_mapping_size) fail(0, "it is larger than 1 MiB");
    pugi::xml_document document;
    const auto parsed = document.load_buffer(file_.text().data(), file_.text().size(),
                                             pugi::parse_default | pugi::parse_doctype);
    if (!parsed) fail(parsed.offset, std::string("it is not XML: ") + parsed.description());
    for (const pugi::xml_node node : document.children())
      if (node.type() == pugi::node_doctype)
        fail(node.offset_debug(), "it has a DOCTYPE; entities and DTDs are not read");
    for (const pugi::xml_node node : document.document_element().children()) {
      if (node.type() == pugi::node_element) read_entry(node);
    }
    return std::move(layers_);
  }

 private:
  Position position(std::ptrdiff_t offset) const {
    const std::string_view text = file_.text();
    const auto length = std::min(static_cast<std::size_t>(std::max<std::ptrdiff_t>(offset, 0)), text.size());
    const std::string_view before = text.substr(0, length);
    const auto lines = std::ranges::count(before, '\n');
    const auto start = before.rfind('\n');
    const std::size_t column = start == std::string_view::npos ? length : length - start - 1;
    return {static_cast<std::uint32_t>(lines) + 1, static_cast<std::uint32_t>(column) + 1};
  }

  Diagnostic diagnostic(std::ptrdiff_t offset, std::string cause, std::string remedy) const {
    Diagnostic made;
    made.code = &code::custom_layers_mapping;
    made.cause = std::move(cause);
    made.remedy = std::move(remedy);
    made.file = file_.path();
    made.position = position(offset);
    return made;
  }

  [[noreturn]] void fail(std::ptrdiff_t offset, std::string cause) const {
    throw Failure(diagnostic(offset, std::move(cause),
                             "write <CustomLayers><CustomLayer NativeType=\"MyLayer\" hasParam=\"true\" "
                             "protoParamName=\"my_param\"/></CustomLayers>"));
  }

  void skip(const pugi::xml_node& node, std::string cause) {
    Diagnostic made = diagnostic(node.offset_debug(), std::move(cause) + "; the entry is left out", "");
    made.severity = Severity::warning;
    diagnostics_.add(std::move(made));
  }

  void read_entry(const pugi::xml_node& node) {
    if (std::string_view(node.name()) != "CustomLayer")
      return skip(node, "<" + std::string(node.name()) + "> is not <CustomLayer>");
    MappedLayer layer;
    layer.type = node.attribute("NativeType").value();
    layer.file = file_.path();
    layer.position = position(node.offset_debug());
    if (!is_name(layer.type)) return skip(node, "NativeType is missing or is not a type of layers");
    const std::string_view has_parameter = node.attribute("hasParam").value();
    if (!same_letters(has_parameter, "true") && !same_letters(has_parameter, "false"))
      return skip(node, layer.type + ": hasParam is neither true nor false");
    if (same_letters(has_parameter, "true")) {
      layer.parameter = node.attribute("protoParamName").value();
      if (!is_name(layer.parameter))
        return skip(node, layer.type + ": hasParam is true, but protoParamName is missing");
    }
    if (std::ranges::any_of(layers_, [&](const auto& other) { return same_letters(other.type, layer.type); }))
      return skip(node, layer.type + ": the type has an entry already");
    if (const auto shape = node.attribute("outputShape")) layer.shapes = read_shapes(node, shape.value());
    layers_.push_back(std::move(layer));
  }

  std::vector<Expression> read_shapes(const pugi::xml_node& node, std::string_view text) const {
    std::vector<Expression> shapes;
    if (text.size() > max_expression_length) fail(node.offset_debug(), "outputShape is too long");
    while (true) {
      const auto end = std::min(text.find(';'), text.size());
      const std::string_view one = text.substr(0, end);
      try {
        shapes.push_back(Expression::parse(one));
      } catch (const SyntaxError& error) {
        fail(node.offset_debug(), "outputShape \"" + std::string(one) + "\", character " +
                                      std::to_string(error.offset() + 1) + ": " + error.what());
      }
      if (end == text.size()) return shapes;
      text.remove_prefix(end + 1);
    }
  }

  const MappedFile& file_;
  Diagnostics& diagnostics_;
  std::vector<MappedLayer> layers_;
};

}  // namespace

std::vector<MappedLayer> read_mapping(const MappedFile& file, Diagnostics& diagnostics) {
  return Reader(file, diagnostics).run();
}

}  // namespace mo::custom
