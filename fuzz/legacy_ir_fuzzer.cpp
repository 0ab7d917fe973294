#include <cstddef>
#include <cstdint>
#include <string>

#include "ir/check/check.h"
#include "ir/document.h"
#include "ir/legacy/emitter.h"
#include "ir/legacy/reader.h"
#include "ir/opset/emitter.h"
#include "passes/change_dialect.h"
#include "passes/passes.h"
#include "support/diagnostics.h"
#include "support/file.h"

namespace {

/// What the rules let through is read and said anew; ops that a version lacks are refused with a Failure.
void upgrade(const mo::ir::Document& document, mo::Diagnostics& diagnostics) {
  const auto bin = mo::MappedFile::in_memory("n.bin", std::string(4096, '\1'));
  mo::ir::check::all_rules(document, bin->bytes().size(), diagnostics);
  if (!document.is_legacy() || diagnostics.has_errors()) return;
  for (const int version : {3, 7, 11}) {
    mo::Graph graph = mo::ir::legacy::read_graph(document, bin, diagnostics);
    if (diagnostics.has_errors()) return;
    if (version == 11) {
      mo::passes::means_into_layers(graph);
      mo::passes::run(graph, {.fusing = false, .stride_optimization = false, .ir_version = version});
      mo::ir::opset::emit(graph, {.version = version});
    } else {
      mo::passes::change_dialect(graph, document.version, version);
      mo::ir::legacy::emit(graph, {.version = version, .keep_order = true});
    }
  }
}

}  // namespace

// Any bytes are an .xml of IR beside a .bin of 4 KiB: faults are diagnostics, and what has none is converted.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  mo::Diagnostics diagnostics;
  try {
    const auto file = mo::MappedFile::in_memory("n.xml", std::move(bytes));
    upgrade(mo::ir::read_document(*file, diagnostics), diagnostics);
  } catch (const mo::Failure& failure) {
    mo::to_text(failure.diagnostic());
  }
  return 0;
}
