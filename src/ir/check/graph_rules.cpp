#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "ir/check/check.h"

namespace mo::ir::check {

namespace {

using PortKey = std::pair<std::size_t, std::int64_t>;  // index of the layer, id of the port

class GraphRules {
 public:
  GraphRules(const Document& document, Diagnostics& findings) : document_(document), findings_(findings) {}

  void run() {
    index_layers();
    for (const DocumentLayer& layer : document_.layers) check_ports(layer);
    for (const DocumentEdge& edge : document_.edges) check_edge(edge);
    check_unconnected();
    check_ends();
    check_cycles();
  }

 private:
  void report(const DiagnosticCode& code, const DocumentLayer* layer, std::string cause,
              std::uint32_t line = 0) {
    findings_.add(finding(document_, code, layer, std::move(cause), line));
  }
  void index_layers();
  void check_ports(const DocumentLayer& layer);
  void check_edge(const DocumentEdge& edge);
  void check_unconnected();
  void check_ends();
  void check_cycles();

  const Document& document_;
  Diagnostics& findings_;
  std::unordered_map<std::int64_t, std::size_t> by_id_;
  std::set<PortKey> fed_;
  std::vector<std::vector<std::size_t>> consumers_;
};

const DocumentPort* find_port(const std::vector<DocumentPort>& ports, std::int64_t id) {
  const auto it = std::ranges::find(ports, id, &DocumentPort::id);
  return it == ports.end() ? nullptr : &*it;
}

void GraphRules::index_layers() {
  std::unordered_set<std::string_view> names;
  consumers_.resize(document_.layers.size());
  for (std::size_t i = 0; i < document_.layers.size(); ++i) {
    const DocumentLayer& layer = document_.layers[i];
    if (!by_id_.emplace(layer.id, i).second)
      report(code::ir_structure, &layer, "its id " + std::to_string(layer.id) + " is another layer's too");
    // Today's runtime accepts repeated names; those before did not.
    if (document_.version < 11 && !names.insert(layer.name).second)
      report(code::ir_structure, &layer, "its name is another layer's too");
  }
}

void GraphRules::check_ports(const DocumentLayer& layer) {
  std::set<std::int64_t> ids;
  const auto check = [&](const DocumentPort& port) {
    if (!ids.insert(port.id).second)
      report(code::ir_structure, &layer, "it has two ports of the id " + std::to_string(port.id));
    if (!port.precision.empty() && element_bytes(port.precision) == 0 && port.precision != "UNSPECIFIED")
      report(code::ir_structure, &layer,
             "port " + std::to_string(port.id) + " has the precision \"" + port.precision +
                 "\", which is not known");
  };
  for (const DocumentPort& port : layer.inputs) check(port);
  if (!document_.is_legacy()) ids.clear();  // there each side counts for itself
  for (const DocumentPort& port : layer.outputs) check(port);
  if (document_.is_legacy() && !layer.precision.empty() && element_bytes(layer.precision) == 0)
    report(code::ir_structure, &layer, "its precision \"" + layer.precision + "\" is not known");
}

void GraphRules::check_edge(const DocumentEdge& edge) {
  const std::string text = "the edge " + std::to_string(edge.from_layer) + ":" +
                           std::to_string(edge.from_port) + " -> " + std::to_string(edge.to_layer) + ":" +
                           std::to_string(edge.to_port);
  const auto from = by_id_.find(edge.from_layer);
  const auto to = by_id_.find(edge.to_layer);
  if (from == by_id_.end() || to == by_id_.end())
    return report(code::ir_structure, nullptr, text + " names a layer that does not exist", edge.line);
  const DocumentLayer& target = document_.layers[to->second];
  const DocumentPort* source_port = find_port(document_.layers[from->second].outputs, edge.from_port);
  const DocumentPort* target_port = find_port(target.inputs, edge.to_port);
  if (source_port == nullptr)
    return report(code::ir_structure, &target, text + " comes from a port that is no output", edge.line);
  if (target_port == nullptr)
    return report(code::ir_structure, &target, text + " goes to a port that is no input", edge.line);
  if (!fed_.insert({to->second, edge.to_port}).second)
    report(code::ir_structure, &target, text + " is the second edge to that input", edge.line);
  consumers_[from->second].push_back(to->second);
  const Shape& a = source_port->dims;
  const Shape& b = target_port->dims;
  const bool same =
      std::ranges::equal(a, b, [](std::int64_t x, std::int64_t y) { return x == y || x == -1 || y == -1; });
  if (!same)
    report(code::ir_dims, &target,
           text + " joins an output of dims " + to_string(a) + " to an input of dims " + to_string(b),
           edge.line);
}

void GraphRules::check_unconnected() {
  for (std::size_t i = 0; i < document_.layers.size(); ++i)
    for (const DocumentPort& port : document_.layers[i].inputs)
      if (!fed_.contains({i, port.id}))
        report(code::ir_structure, &document_.layers[i],
               "no edge leads to its input port " + std::to_string(port.id));
}

void GraphRules::check_ends() {
  const bool legacy = document_.is_legacy();
  std::size_t inputs = 0;
  std::size_t results = 0;
  for (const DocumentLayer& layer : document_.layers) {
    if (same_type(layer.type, "Result")) ++results;
    if (!same_type(layer.type, legacy ? "Input" : "Parameter")) {
      // Whatever else has no input gives numbers of its own.
      if (legacy && layer.inputs.empty() && !same_type(layer.type, "Const") &&
          !same_type(layer.type, "Memory"))
        report(code::ir_structure, &layer, "it has no inputs and is neither Input nor Const");
      continue;
    }
    ++inputs;
    if (layer.outputs.size() != 1 || !layer.inputs.empty())
      report(code::ir_structure, &layer, "an input of the network has one output and no input");
  }
  if (inputs == 0) report(code::ir_structure, nullptr, "the network has no input");
  if (legacy && inputs == document_.layers.size())
    report(code::ir_structure, nullptr, "the network has no layers but inputs, which are no outputs");
  if (!legacy && results == 0) report(code::ir_structure, nullptr, "the network has no Result");
}

/// Takes layers away that wait for nothing, until only cycles are left.
void GraphRules::check_cycles() {
  std::vector<std::size_t> waiting(consumers_.size(), 0);
  for (const auto& list : consumers_)
    for (const std::size_t consumer : list) ++waiting[consumer];
  std::vector<std::size_t> ready;
  for (std::size_t i = 0; i < waiting.size(); ++i)
    if (waiting[i] == 0) ready.push_back(i);
  std::size_t done = 0;
  while (!ready.empty()) {
    const std::size_t layer = ready.back();
    ready.pop_back();
    ++done;
    for (const std::size_t consumer : consumers_[layer])
      if (--waiting[consumer] == 0) ready.push_back(consumer);
  }
  if (done == waiting.size()) return;
  const auto first = std::ranges::find_if(waiting, [](std::size_t count) { return count > 0; });
  report(code::ir_structure, &document_.layers[static_cast<std::size_t>(first - waiting.begin())],
         "it waits for its own output: the layers form a cycle");
}

}  // namespace

void graph_rules(const Document& document, Diagnostics& findings) {
  GraphRules(document, findings).run();
}

void all_rules(const Document& document, std::optional<std::uint64_t> bin_size, Diagnostics& findings) {
  graph_rules(document, findings);
  blob_rules(document, bin_size, findings);
  pre_process_rules(document, bin_size, findings);
  attribute_rules(document, findings);
  dim_rules(document, findings);
}

std::optional<std::int64_t> elements(const Shape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t dim : shape)
    if (dim < 0 || __builtin_mul_overflow(count, dim, &count)) return std::nullopt;
  return count;
}

bool same_type(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace mo::ir::check
