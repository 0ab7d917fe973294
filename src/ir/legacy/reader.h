#pragma once

#include <memory>

#include "graph/graph.h"
#include "ir/document.h"
#include "support/diagnostics.h"

namespace mo::ir::legacy {

/// The layers of IR v2 to v7 as a graph; nodes in the order of the file.  Weights stay where they are, in
/// `bin`.  What is wrong is added to `diagnostics`; then the graph is of no use.
/// Precondition: check::graph_rules, blob_rules and pre_process_rules have found nothing in the document.
Graph read_graph(const Document& document, const std::shared_ptr<const MappedFile>& bin,
                 Diagnostics& diagnostics);

/// Whether the weights of the net are stored as FP16.
bool is_fp16(const Document& document);

}  // namespace mo::ir::legacy
