/// @file
/// Rewrites of the graph, and the graph in their hands.
#ifndef MO_EXTENSION_PASS_HPP
#define MO_EXTENSION_PASS_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "mo/extension/nodes.hpp"

namespace mo::extension {

/// The graph in the hands of a pass.
class Graph : public Nodes {
 public:
  using Nodes::Nodes;

  /// The version of the IR that is being written.
  int ir_version() const { return number(host_->ir_version); }
  /// All nodes, each behind what it consumes.
  std::vector<Node> nodes() const {
    std::size_t count = 0;
    check(host_->nodes(call_, nullptr, 0, &count));
    std::vector<Node> out(count);
    check(host_->nodes(call_, out.data(), out.size(), &count));
    return out;
  }
  /// The inputs that read the value.
  std::vector<Use> uses(Value value) const {
    std::size_t count = 0;
    check(host_->uses(call_, value, nullptr, 0, &count));
    std::vector<Use> out(count);
    check(host_->uses(call_, value, out.data(), out.size(), &count));
    return out;
  }
  /// Whether the net gives it.
  bool is_output(Value value) const {
    std::int32_t out = 0;
    check(host_->is_output(call_, value, &out));
    return out != 0;
  }
  /// Adds a node; a name that is taken gets a number.
  Node add(std::string_view op, std::string_view name, const std::vector<Value>& inputs,
           const Attributes& attributes = {}, const std::vector<Blob>& blobs = {}) {
    return add_node(op, name, inputs, attributes, blobs);
  }
  /// Sets or adds an attribute.
  void set_attribute(Node node, std::string_view name, const Data& value) {
    const mo_data raw = detail::to_data(value);
    check(host_->set_attribute(call_, node, detail::to_text(name), &raw));
  }
  /// Removes an attribute; one that is absent is no error.
  void erase_attribute(Node node, std::string_view name) {
    check(host_->erase_attribute(call_, node, detail::to_text(name)));
  }
  /// Sets or adds a blob.
  void set_blob(Node node, std::string_view role, Tensor tensor) {
    check(host_->set_blob(call_, node, detail::to_text(role), tensor));
  }
  /// Removes a blob; one that is absent is no error.
  void erase_blob(Node node, std::string_view role) {
    check(host_->erase_blob(call_, node, detail::to_text(role)));
  }
  /// Has the node read another value.
  void set_input(Node node, std::size_t index, Value value) {
    check(host_->set_input(call_, node, index, value));
  }
  /// `to` takes the place of `from` in all nodes but its own, among the outputs of the net, and in names.
  void replace(Value from, Value to) { check(host_->replace(call_, from, to)); }
  /// Removes a node that nothing uses.
  void erase(Node node) { check(host_->erase(call_, node)); }
};

/// When a pass runs: `front` before means and scales are embedded, `middle` behind that, `back` behind all of
/// mo's own.
enum class Stage : std::int32_t { front = MO_FRONT, middle = MO_MIDDLE, back = MO_BACK };

/// A rewrite of the graph.
struct Pass {
  std::string name;                 ///< for messages, and to disable it
  Stage stage = Stage::middle;      ///< when it runs
  std::function<void(Graph&)> run;  ///< rewrites the graph
};

}  // namespace mo::extension

#endif
