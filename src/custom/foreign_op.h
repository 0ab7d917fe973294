#pragma once

#include <string>
#include <variant>
#include <vector>

#include "custom/expression.h"
#include "graph/op.h"

namespace mo::custom {

/// An attribute of a layer of the IR: a value, or a formula over the layer's parameters.
struct AttributeRule {
  std::string name;
  std::variant<AttributeValue, Expression> value;
};

/// A layer of the IR that no op of `mo` stands for.
struct ForeignLayer {
  std::string type;
  std::string version = "extension";  ///< v10 and v11: the opset or the domain of the runtime's extension
  std::vector<Expression> shapes;     ///< of the outputs, in order; empty: all as bottom 0
  std::vector<AttributeRule> attributes;
  bool copies_attributes = false;  ///< the node's own attributes are written, instead of `attributes`
};

/// The name under which a node has a parameter of its layer that is no attribute of the IR: formulas use it
/// without the mark.
std::string hidden(std::string_view name);
/// Hidden attribute: how many outputs a node has whose ForeignLayer does not say.
inline constexpr std::string_view output_count = "$outputs";

/// The role of a layer's blob in the IR: weights, biases, custom_2, custom_3 ...
std::string blob_role(std::size_t index);

/// The op whose nodes have a layer's parameters as attributes and its blobs under blob_role.
OpDef make_foreign_op(std::string_view name, const ForeignLayer& layer);

/// What an attribute's rule gives; throws Failure (code expression) where it gives nothing.
AttributeValue evaluate(const AttributeRule& rule, const Scope& scope);

}  // namespace mo::custom
