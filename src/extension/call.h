#pragma once

#include <cstdint>
#include <deque>
#include <exception>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "mo/extension.h"
#include "ops/op_registry.h"
#include "support/diagnostics.h"

namespace mo {
class ShapeContext;
namespace caffe {
class LayerContext;
}
namespace ir::opset {
class Lowering;
}
namespace ir::legacy {
class Spelling;
}
namespace extension {
class Registration;
}
}  // namespace mo

/// One run of a library's callback: on whose behalf, what it may reach (nullptr: not in this kind of
/// callback), and what mo has lent it until the callback returns.
struct mo_call {
  std::string library = {};  ///< its file, for messages
  std::string where = {};    ///< `op Region`, `pass fold_it`, for messages

  mo::extension::Registration* registration = nullptr;
  mo::caffe::LayerContext* layer = nullptr;
  mo::ShapeContext* shapes = nullptr;
  mo::ir::opset::Lowering* opset = nullptr;
  mo::ir::legacy::Spelling* legacy = nullptr;
  mo::Graph* rewritten = nullptr;          ///< in passes
  const mo::OpRegistry* ops = nullptr;     ///< where nodes can be added
  mo::Diagnostics* diagnostics = nullptr;  ///< in passes
  int ir_version = 0;                      ///< in passes and spellings
  std::set<mo::NodeId> touched = {};       ///< by a pass: their shapes are to be inferred again

  std::exception_ptr failure = nullptr;  ///< the first one of a function of mo, or what `fail` said

  // Lent to the callback; deques keep their elements where they are.
  std::deque<std::string> texts = {};
  std::deque<std::vector<std::int64_t>> integers = {};
  std::deque<std::vector<float>> numbers = {};
  std::vector<mo::Tensor> tensors = {};
};

namespace mo::extension {

/// Runs a callback of a library.  Throws what a function of mo threw in it, or a Failure that names the
/// library when the callback said so, gave a status without a reason, or threw across the boundary.
void run(mo_call& call, mo_callback callback, void* self);

/// A misuse of mo's functions, or what the library said: a Failure that names it and, where there is one, the
/// layer.
[[noreturn]] void fail(const mo_call& call, std::string cause, std::string remedy = {});

/// What mo's functions are made of: nothing that `action` throws leaves it.
template <class Action>
std::int32_t guarded(mo_call* call, Action action) noexcept {
  try {
    action(*call);
    return 0;
  } catch (...) {
    if (!call->failure) call->failure = std::current_exception();
    return 1;
  }
}

// What comes from the library; all throw Failure where it makes no sense.
std::string_view to_view(const mo_call& call, mo_text text);
/// Of an attribute or a blob: letters, digits and `_ - .`, as XML needs it.
std::string_view to_name(const mo_call& call, mo_text text);
Shape to_shape(const mo_call& call, mo_shape shape);
AttributeValue to_value(const mo_call& call, const mo_data& data);
Attributes to_attributes(const mo_call& call, const mo_attribute* attributes, std::size_t count);
const Tensor& to_tensor(const mo_call& call, mo_tensor tensor);
Value to_graph_value(const mo_call& call, const Graph& graph, mo_value value);
/// A node of the graph that is alive.
const Node& to_graph_node(const mo_call& call, const Graph& graph, mo_node node);

/// An array of the library.
template <class T>
std::span<const T> to_span(const mo_call& call, const T* data, std::size_t count) {
  if (count > 0 && data == nullptr) fail(call, "it gives a list without elements");
  return {data, count};
}

// What goes to the library, kept until its callback returns.
mo_text lend(mo_call& call, std::string_view text);
mo_shape lend(mo_call& call, const Shape& shape);
mo_data lend(mo_call& call, const AttributeValue& value);
mo_tensor lend(mo_call& call, Tensor tensor);

}  // namespace mo::extension
