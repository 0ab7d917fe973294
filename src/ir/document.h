#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ir/model.h"
#include "support/diagnostics.h"
#include "support/file.h"
#include "support/shape.h"

namespace mo::ir {

/// A port as the file has it.
struct DocumentPort {
  std::int64_t id = 0;
  Shape dims;
  std::string precision;  ///< empty: not said
};

/// A range of the .bin file.
struct DocumentBlob {
  std::string role;  ///< `weights`, `biases`, `custom`; empty in IR v10 and later
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::string precision;  ///< resolved; empty where nothing says it
};

struct DocumentLayer {
  std::int64_t id = 0;
  std::string name;
  std::string type;
  std::string version;    ///< `opset1`; empty in legacy IR
  std::string precision;  ///< legacy; empty: not said
  TextAttributes data;
  std::vector<DocumentPort> inputs;   ///< legacy: by id; v10 and later: in the order of the file
  std::vector<DocumentPort> outputs;  ///< likewise
  std::vector<DocumentBlob> blobs;
  std::uint32_t line = 0;

  /// The attribute's text, or nullptr.
  const std::string* find(std::string_view attribute) const;
};

struct DocumentEdge {
  std::int64_t from_layer = 0, from_port = 0, to_layer = 0, to_port = 0;
  std::uint32_t line = 0;
};

struct DocumentChannel {
  std::int64_t id = 0;
  std::optional<float> value;
  std::optional<DocumentBlob> image;
  std::optional<float> scale;
};

struct DocumentPreProcess {
  std::string reference_layer;
  std::string mean_precision;
  std::vector<DocumentChannel> channels;
  std::uint32_t line = 0;
};

/// An .xml file of any IR version, as it stands there: nothing in it has been checked but that numbers are
/// numbers.
struct Document {
  std::string path;
  std::string name;
  int version = 0;
  std::vector<DocumentLayer> layers;
  std::vector<DocumentEdge> edges;
  std::optional<DocumentPreProcess> pre_process;  ///< readers take the first

  bool is_legacy() const { return version < 10; }
};

/// What is wrong at a layer (nullptr: in the file) of `document`.
Diagnostic finding(const Document& document, const DiagnosticCode& code, const DocumentLayer* layer,
                   std::string cause, std::uint32_t line = 0);

/// Reads the text of an .xml file.  Each thing that is no number, or is missing, is added to `findings` and
/// left out.  Throws Failure when it is no IR at all: no XML, too large, too deep, no layers, or of a version
/// that is not 2 to 7, 10 or 11.
Document read_document(const MappedFile& file, Diagnostics& findings);

/// Bytes of an element of that precision (`FP32`, `I64` ...), 0 for one that is not known.
std::size_t element_bytes(std::string_view precision);

}  // namespace mo::ir
