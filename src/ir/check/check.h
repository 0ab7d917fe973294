#pragma once

#include <cstdint>
#include <optional>

#include "ir/document.h"
#include "support/diagnostics.h"

// The rules by which the engines' readers refuse an IR, and a few that they should have.  Each adds what it
// finds to `findings`, one diagnostic for each fault; none stops at the first.

namespace mo::ir::check {

/// Ids, names, ports, edges and their dims, inputs and outputs, cycles.
void graph_rules(const Document& document, Diagnostics& findings);

/// Ranges of the .bin file and sizes of weights.  `bin_size`: of the file in bytes, nothing when there is no
/// such file: then ranges are not compared with it.
void blob_rules(const Document& document, std::optional<std::uint64_t> bin_size, Diagnostics& findings);

/// `<pre-process>` of legacy IR.
void pre_process_rules(const Document& document, std::optional<std::uint64_t> bin_size,
                       Diagnostics& findings);

/// Mandatory attributes and the ranges of their values.
void attribute_rules(const Document& document, Diagnostics& findings);

/// Of legacy IR: the dims of each layer's outputs are what its parameters make of those of its inputs.
void dim_rules(const Document& document, Diagnostics& findings);

/// All of them.
void all_rules(const Document& document, std::optional<std::uint64_t> bin_size, Diagnostics& findings);

/// Elements of a shape; nothing when one is unknown or the product leaves 63 bits.
std::optional<std::int64_t> elements(const Shape& shape);

/// Layer types are compared without regard to case.
bool same_type(std::string_view a, std::string_view b);

}  // namespace mo::ir::check
