/// @file
/// Extension libraries in C++20: <mo/extension.h> with values, exceptions and lambdas.  Nothing but this file
/// and the standard library is needed.
///
///     #include <mo/extension.hpp>
///
///     MO_EXTENSION(registry) {
///       registry.add(mo::extension::LayerDef{
///           .types = {"Twice"},
///           .lower = [](mo::extension::Layer& layer) {
///             layer.set_top(0, {layer.add("Power", {layer.bottom(0)}, {{"power", 1.0F}, {"scale", 2.0F},
///             {"shift", 0.0F}}), 0});
///           }});
///     }
///
/// A callback says that something is wrong by any exception, best by fail(cause, remedy): none leaves the
/// library.
#ifndef MO_EXTENSION_HPP
#define MO_EXTENSION_HPP

#include <mo/extension.h>

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mo::extension {

/// A value of a parameter or an attribute.
using Data =
    std::variant<bool, std::int64_t, float, std::string, std::vector<std::int64_t>, std::vector<float>>;
/// Attributes by their names, in the order in which they are written.
using Attributes = std::vector<std::pair<std::string, Data>>;
/// Sizes, outermost first; -1: not known before inference.
using Shape = std::vector<std::int64_t>;
/// A node of the graph.
using Node = mo_node;
/// An output of a node.
using Value = mo_value;
/// An input of a node.
using Use = mo_use;
/// An output of a layer of the IR.
using Port = mo_port;
/// Weights, good within one callback.
using Tensor = mo_tensor;

/// Weights of a node under their role: weights, biases ...
struct Blob {
  std::string role;  ///< weights, biases ...
  Tensor tensor;     ///< the numbers
};

/// A function of mo has failed, and mo knows why.
class Failed : public std::exception {
 public:
  /// Says no more than that.
  const char* what() const noexcept override { return "a function of mo failed"; }
};

namespace detail {

inline mo_text to_text(std::string_view text) {
  return {text.data(), text.size()};
}

inline std::string from_text(mo_text text) {
  return text.size == 0 ? std::string() : std::string(text.data, text.size);
}

/// Points into `data`.
inline mo_data to_data(const Data& data) {
  mo_data out{};
  out.kind = static_cast<std::int32_t>(data.index());
  if (const auto* boolean = std::get_if<bool>(&data)) out.integer = *boolean ? 1 : 0;
  if (const auto* integer = std::get_if<std::int64_t>(&data)) out.integer = *integer;
  if (const auto* number = std::get_if<float>(&data)) out.number = *number;
  if (const auto* text = std::get_if<std::string>(&data)) out.text = to_text(*text);
  if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&data)) {
    out.integers = integers->data();
    out.count = integers->size();
  }
  if (const auto* numbers = std::get_if<std::vector<float>>(&data)) {
    out.numbers = numbers->data();
    out.count = numbers->size();
  }
  return out;
}

inline Data from_data(const mo_data& data) {
  switch (data.kind) {
    case MO_BOOLEAN:
      return data.integer != 0;
    case MO_INTEGER:
      return data.integer;
    case MO_NUMBER:
      return data.number;
    case MO_TEXT:
      return from_text(data.text);
    case MO_INTEGERS:
      return std::vector<std::int64_t>(data.integers, data.integers + data.count);
    default:
      return std::vector<float>(data.numbers, data.numbers + data.count);
  }
}

inline std::vector<mo_attribute> to_attributes(const Attributes& attributes) {
  std::vector<mo_attribute> out;
  for (const auto& [name, value] : attributes) out.push_back({to_text(name), to_data(value)});
  return out;
}

}  // namespace detail

/// What every callback has: messages and tensors.
class Call {
 public:
  /// Of mo's functions and what they ask for; mo makes these.
  Call(const mo_host& host, mo_call* call) : host_(&host), call_(call) {}

  /// Ends the callback with a message for the user: what is wrong, and what can be done.
  [[noreturn]] void fail(std::string_view cause, std::string_view remedy = {}) const {
    host_->fail(call_, detail::to_text(cause), detail::to_text(remedy));
    throw Failed();
  }
  /// Tells the user something.
  void warn(std::string_view cause, std::string_view remedy = {}) const {
    check(host_->warn(call_, detail::to_text(cause), detail::to_text(remedy)));
  }

  /// The sizes of a tensor.
  Shape shape(Tensor tensor) const {
    mo_shape out{};
    check(host_->tensor_shape(call_, tensor, &out));
    return {out.dims, out.dims + out.rank};
  }
  /// All elements, in row-major order.
  std::vector<float> values(Tensor tensor) const {
    std::size_t size = 1;
    for (const std::int64_t dim : shape(tensor)) size *= static_cast<std::size_t>(dim);
    std::vector<float> out(size);
    check(host_->read_tensor(call_, tensor, 0, out.data(), out.size()));
    return out;
  }
  /// A tensor of numbers in row-major order.
  Tensor tensor(const Shape& shape, const std::vector<float>& values) const {
    Tensor out{};
    check(host_->new_tensor(call_, {shape.data(), shape.size()}, values.data(), values.size(), &out));
    return out;
  }

 protected:
  /// @cond
  void check(std::int32_t status) const {
    if (status != 0) throw Failed();
  }
  std::string text(std::int32_t (*function)(mo_call*, mo_text*)) const {
    mo_text out{};
    check(function(call_, &out));
    return detail::from_text(out);
  }
  std::size_t size(std::int32_t (*function)(mo_call*, std::size_t*)) const {
    std::size_t out = 0;
    check(function(call_, &out));
    return out;
  }

  const mo_host* host_;
  mo_call* call_;
  /// @endcond
};

/// What can be seen of nodes.
class Nodes : public Call {
 public:
  using Call::Call;
  using Call::shape;

  /// The name of its op.
  std::string op(Node node) const { return text_of(host_->node_op, node); }
  /// Its name in the graph.
  std::string name(Node node) const { return text_of(host_->node_name, node); }
  /// The layer of Caffe that it came from.
  std::string layer(Node node) const { return text_of(host_->node_layer, node); }
  /// How many values it reads.
  std::size_t input_count(Node node) const { return size_of(host_->input_count, node); }
  /// How many values it gives.
  std::size_t output_count(Node node) const { return size_of(host_->output_count, node); }
  /// One of the values that it reads.
  Value input(Node node, std::size_t index) const {
    Value out{};
    check(host_->input(call_, node, index, &out));
    return out;
  }
  /// The sizes of a value.
  Shape shape(Value value) const {
    mo_shape out{};
    check(host_->shape(call_, value, &out));
    return {out.dims, out.dims + out.rank};
  }
  /// All its attributes.
  Attributes attributes(Node node) const {
    Attributes out;
    const std::size_t count = size_of(host_->attribute_count, node);
    for (std::size_t i = 0; i < count; ++i) {
      mo_text name{};
      mo_data value{};
      check(host_->attribute_at(call_, node, i, &name, &value));
      out.emplace_back(detail::from_text(name), detail::from_data(value));
    }
    return out;
  }
  /// The attribute of that name, if there is one.
  std::optional<Data> find_attribute(Node node, std::string_view name) const {
    mo_data out{};
    std::int32_t found = 0;
    check(host_->attribute(call_, node, detail::to_text(name), &out, &found));
    if (found == 0) return std::nullopt;
    return detail::from_data(out);
  }
  /// The attribute, which must be there and of that type.
  template <class T>
  T attribute(Node node, std::string_view name) const {
    const auto found = find_attribute(node, name);
    const T* value = found ? std::get_if<T>(&*found) : nullptr;
    if (value == nullptr) fail("the attribute " + std::string(name) + " is absent or of another type");
    return *value;
  }
  /// Its weights.
  std::vector<Blob> blobs(Node node) const {
    std::vector<Blob> out;
    const std::size_t count = size_of(host_->blob_count, node);
    for (std::size_t i = 0; i < count; ++i) {
      mo_text role{};
      Tensor tensor{};
      check(host_->blob_at(call_, node, i, &role, &tensor));
      out.push_back({detail::from_text(role), tensor});
    }
    return out;
  }

 protected:
  /// @cond
  std::string text_of(std::int32_t (*function)(mo_call*, mo_node, mo_text*), Node node) const {
    mo_text out{};
    check(function(call_, node, &out));
    return detail::from_text(out);
  }
  std::size_t size_of(std::int32_t (*function)(mo_call*, mo_node, std::size_t*), Node node) const {
    std::size_t out = 0;
    check(function(call_, node, &out));
    return out;
  }
  Node add_node(std::string_view op, std::string_view name, const std::vector<Value>& inputs,
                const Attributes& attributes, const std::vector<Blob>& blobs) {
    const auto raw_attributes = detail::to_attributes(attributes);
    std::vector<mo_blob> raw_blobs;
    for (const Blob& blob : blobs) raw_blobs.push_back({detail::to_text(blob.role), blob.tensor});
    Node out{};
    check(host_->add_node(call_, detail::to_text(op), detail::to_text(name), inputs.data(), inputs.size(),
                          raw_attributes.data(), raw_attributes.size(), raw_blobs.data(), raw_blobs.size(),
                          &out));
    return out;
  }
  /// @endcond
};

/// A layer of Caffe that becomes nodes.
class Layer : public Nodes {
 public:
  using Nodes::Nodes;
  using Nodes::shape;

  /// The name in the prototxt.
  std::string name() const { return text(host_->layer_name); }
  /// The first name of its type.
  std::string type() const { return text(host_->layer_type); }
  /// A parameter that the definition declares, in the type of its default.
  template <class T>
  T parameter(std::string_view path) const {
    const Data data = read_parameter(path).first;
    const T* value = std::get_if<T>(&data);
    if (value == nullptr) fail("the parameter " + std::string(path) + " is declared with another type");
    return *value;
  }
  /// Whether the prototxt says it.
  bool is_set(std::string_view path) const { return read_parameter(path).second; }

  /// How many bottoms it has.
  std::size_t bottom_count() const { return size(host_->bottom_count); }
  /// What it reads.
  Value bottom(std::size_t index) const {
    Value out{};
    check(host_->bottom(call_, index, &out));
    return out;
  }
  /// The sizes of what it reads.
  Shape bottom_shape(std::size_t index) const { return shape(bottom(index)); }
  /// How many tops it has.
  std::size_t top_count() const { return size(host_->top_count); }
  /// Says which value a top is.
  void set_top(std::size_t index, Value value) { check(host_->set_top(call_, index, value)); }
  /// How many blobs it has.
  std::size_t blob_count() const { return size(host_->layer_blob_count); }
  /// Its weights, in the order of the caffemodel.
  Tensor blob(std::size_t index) const {
    Tensor out{};
    check(host_->layer_blob(call_, index, &out));
    return out;
  }

  /// Adds a node.  `suffix`: of helpers beside the node that has the layer's name.
  Node add(std::string_view op, const std::vector<Value>& inputs, const Attributes& attributes = {},
           const std::vector<Blob>& blobs = {}, std::string_view suffix = {}) {
    return add_node(op, suffix, inputs, attributes, blobs);
  }

 private:
  std::pair<Data, bool> read_parameter(std::string_view path) const {
    mo_data out{};
    std::int32_t is_set = 0;
    check(host_->parameter(call_, detail::to_text(path), &out, &is_set));
    return {detail::from_data(out), is_set != 0};
  }
};

/// One node of an op of the library.
class ThisNode : public Nodes {
 public:
  using Nodes::attribute;
  using Nodes::Nodes;
  using Nodes::shape;

  /// How many values it reads.
  std::size_t input_count() const { return Nodes::input_count(MO_THIS_NODE); }
  /// The sizes of what it reads.
  Shape input_shape(std::size_t index) const { return shape(input(MO_THIS_NODE, index)); }
  /// All its attributes.
  Attributes attributes() const { return Nodes::attributes(MO_THIS_NODE); }
  /// The attribute, which must be there and of that type.
  template <class T>
  T attribute(std::string_view name) const {
    return Nodes::attribute<T>(MO_THIS_NODE, name);
  }
  /// Its weights.
  std::vector<Blob> blobs() const { return Nodes::blobs(MO_THIS_NODE); }
};

/// A shape rule at work: it sets the shape of every output.
class ShapeRule : public ThisNode {
 public:
  using ThisNode::ThisNode;
  /// Sets the sizes of an output.
  void set(std::size_t output, const Shape& shape) {
    check(host_->set_shape(call_, output, {shape.data(), shape.size()}));
  }
};

/// Writes a node into IR v10 or v11, as one layer or several.
class OpsetWriter : public ThisNode {
 public:
  using ThisNode::ThisNode;

  /// The version of the IR that is being written.
  int ir_version() const {
    std::int32_t out = 0;
    check(host_->ir_version(call_, &out));
    return out;
  }
  /// The sizes of what the node gives.
  Shape output_shape(std::size_t index = 0) const {
    return shape(Value{MO_THIS_NODE, static_cast<std::uint32_t>(index)});
  }
  /// Where an input of the node comes from.
  Port input(std::size_t index) const {
    Port out{};
    check(host_->input_port(call_, index, &out));
    return out;
  }
  /// Writes a layer; the port is its first output.  `version`: opset1 ..., or extension.
  Port layer(std::string_view type, std::string_view version, const Attributes& attributes,
             const std::vector<Port>& inputs, const std::vector<Shape>& outputs,
             std::string_view suffix = {}) {
    const auto raw = detail::to_attributes(attributes);
    std::vector<mo_shape> shapes;
    for (const Shape& output : outputs) shapes.push_back({output.data(), output.size()});
    Port out{};
    check(host_->write_layer(call_, detail::to_text(type), detail::to_text(version), detail::to_text(suffix),
                             raw.data(), raw.size(), inputs.data(), inputs.size(), shapes.data(),
                             shapes.size(), &out));
    return out;
  }
  /// A constant that FP16 halves.
  Port weights(Tensor tensor, std::string_view suffix) { return constant(tensor, 0, suffix); }
  /// A constant that stays as it is.
  Port exact(Tensor tensor, std::string_view suffix) { return constant(tensor, 1, suffix); }
  /// A constant of type i64, of rank 1.
  Port integers(const std::vector<std::int64_t>& values, std::string_view suffix) {
    Port out{};
    check(host_->write_integers(call_, values.data(), values.size(), detail::to_text(suffix), &out));
    return out;
  }
  /// Says which port an output of the node is.
  void set_output(std::size_t index, Port port) { check(host_->set_output(call_, index, port)); }

 private:
  Port constant(Tensor tensor, std::int32_t exact, std::string_view suffix) {
    Port out{};
    check(host_->write_tensor(call_, tensor, exact, detail::to_text(suffix), &out));
    return out;
  }
};

/// Writes a node into IR v2 to v7, as one layer.
class LegacyWriter : public ThisNode {
 public:
  using ThisNode::ThisNode;
  /// The version of the IR that is being written.
  int ir_version() const {
    std::int32_t out = 0;
    check(host_->ir_version(call_, &out));
    return out;
  }
  /// The sizes of what the node gives.
  Shape output_shape(std::size_t index = 0) const {
    return shape(Value{MO_THIS_NODE, static_cast<std::uint32_t>(index)});
  }
  /// The layer's type; without it the op's name.
  void set_type(std::string_view type) { check(host_->set_type(call_, detail::to_text(type))); }
  /// Adds an attribute to the layer.
  void write(std::string_view name, const Data& value) {
    const mo_data raw = detail::to_data(value);
    check(host_->write_attribute(call_, detail::to_text(name), &raw));
  }
  /// Adds a blob to the layer.
  void write_blob(std::string_view role, Tensor tensor) {
    check(host_->write_blob(call_, detail::to_text(role), tensor));
  }
};

/// The graph in the hands of a pass.
class Graph : public Nodes {
 public:
  using Nodes::Nodes;

  /// The version of the IR that is being written.
  int ir_version() const {
    std::int32_t out = 0;
    check(host_->ir_version(call_, &out));
    return out;
  }
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

/// A parameter of a layer: its path in LayerParameter, and its default; an empty text or list is "not set".
struct Parameter {
  std::string path;    ///< my_param.size
  Data default_value;  ///< says the type too
};

/// How many, inclusive.
struct Count {
  std::size_t least = 0;  ///< no fewer
  std::size_t most = 0;   ///< no more
};
/// No limit, of Count::most.
inline constexpr std::size_t any_number = SIZE_MAX;

/// A type of Caffe's layers: what it takes, and the nodes that compute it.
struct LayerDef {
  std::vector<std::string> types;          ///< the name, then other spellings
  std::vector<Parameter> parameters = {};  ///< those that `lower` reads
  Count blobs = {0, 0};                    ///< that it takes
  Count bottoms = {1, 1};                  ///< that it takes
  Count tops = {1, 1};                     ///< that it gives
  std::function<void(Layer&)> lower;       ///< adds the nodes that compute it, and sets its tops
};

/// An op of the graph: its shape rule, and how it is written.
struct OpDef {
  std::string name;                       ///< as nodes say it
  std::function<void(ShapeRule&)> infer;  ///< the shape rule
  /// None: one layer of the op's name, with its attributes, inputs and blobs.
  std::function<void(OpsetWriter&)> opset = {};
  std::function<void(LegacyWriter&)> legacy = {};  ///< none: likewise, with blobs as blobs
  std::string version = "extension";               ///< of that one layer in IR v10 and v11
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

namespace detail {

/// Runs `action`, and turns what it throws into a message and a status.
template <class Action>
std::int32_t guarded(const mo_host& host, mo_call* call, const Action& action) noexcept {
  try {
    action();
    return 0;
  } catch (const Failed&) {
    return 1;
  } catch (const std::exception& error) {
    host.fail(call, to_text(error.what()), {});
  } catch (...) {
    host.fail(call, to_text("it threw something that is no std::exception"), {});
  }
  return 1;
}

/// A definition, and mo's functions for its callbacks.
template <class Definition>
struct Held {
  const mo_host* host;
  Definition definition;

  template <auto Member, class View>
  static std::int32_t callback(void* self, mo_call* call) noexcept {
    const auto& held = *static_cast<const Held*>(self);
    return guarded(*held.host, call, [&] {
      View view(*held.host, call);
      (held.definition.*Member)(view);
    });
  }
  static void release(void* self) { delete static_cast<Held*>(self); }
};

}  // namespace detail

/// Takes what the library offers.
class Registry : public Call {
 public:
  using Call::Call;

  /// Adds a type of layers.
  void add(LayerDef definition) {
    auto held = hold(std::move(definition));
    const LayerDef& layer = held->definition;
    std::vector<mo_text> types;
    for (const std::string& type : layer.types) types.push_back(detail::to_text(type));
    std::vector<mo_parameter> parameters;
    for (const Parameter& parameter : layer.parameters)
      parameters.push_back({detail::to_text(parameter.path), detail::to_data(parameter.default_value)});
    using Type = detail::Held<LayerDef>;
    const mo_layer_def raw{.size = sizeof(mo_layer_def),
                           .types = types.data(),
                           .type_count = types.size(),
                           .parameters = parameters.data(),
                           .parameter_count = parameters.size(),
                           .blobs = {layer.blobs.least, layer.blobs.most},
                           .bottoms = {layer.bottoms.least, layer.bottoms.most},
                           .tops = {layer.tops.least, layer.tops.most},
                           .self = held.get(),
                           .lower = Type::callback<&LayerDef::lower, Layer>,
                           .release = Type::release};
    check(host_->add_layer(call_, &raw));
    held.release();  // mo's now
  }

  /// Adds an op.
  void add(OpDef definition) {
    auto held = hold(std::move(definition));
    const OpDef& op = held->definition;
    using Type = detail::Held<OpDef>;
    const mo_op_def raw{.size = sizeof(mo_op_def),
                        .name = detail::to_text(op.name),
                        .version = detail::to_text(op.version),
                        .self = held.get(),
                        .infer = Type::callback<&OpDef::infer, ShapeRule>,
                        .opset = op.opset ? Type::callback<&OpDef::opset, OpsetWriter> : nullptr,
                        .legacy = op.legacy ? Type::callback<&OpDef::legacy, LegacyWriter> : nullptr,
                        .release = Type::release};
    check(host_->add_op(call_, &raw));
    held.release();
  }

  /// Adds a pass.
  void add(Pass definition) {
    auto held = hold(std::move(definition));
    using Type = detail::Held<Pass>;
    const mo_pass_def raw{.size = sizeof(mo_pass_def),
                          .name = detail::to_text(held->definition.name),
                          .stage = static_cast<std::int32_t>(held->definition.stage),
                          .self = held.get(),
                          .run = Type::callback<&Pass::run, Graph>,
                          .release = Type::release};
    check(host_->add_pass(call_, &raw));
    held.release();
  }

  /// Leaves out a built-in type of layers.
  void disable_layer(std::string_view type) { check(host_->disable_layer(call_, detail::to_text(type))); }
  /// Leaves out a built-in pass.
  void disable_pass(std::string_view name) { check(host_->disable_pass(call_, detail::to_text(name))); }

 private:
  template <class Definition>
  std::unique_ptr<detail::Held<Definition>> hold(Definition definition) const {
    return std::make_unique<detail::Held<Definition>>(detail::Held<Definition>{host_, std::move(definition)});
  }
};

namespace detail {

inline std::int32_t enter(const mo_host* host, mo_call* call, void (*add_all)(Registry&)) noexcept {
  if (host == nullptr || host->abi != MO_EXTENSION_ABI || host->size < sizeof(mo_host)) return 2;
  return guarded(*host, call, [&] {
    Registry registry(*host, call);
    add_all(registry);
  });
}

}  // namespace detail
}  // namespace mo::extension

/// The library's entry: a function body that adds everything to `registry`.  Once in a library.
#define MO_EXTENSION(registry)                                                                            \
  static void mo_add_all(::mo::extension::Registry& registry);                                            \
  extern "C" MO_EXTENSION_EXPORT std::uint32_t mo_extension_abi() {                                       \
    return MO_EXTENSION_ABI;                                                                              \
  }                                                                                                       \
  extern "C" MO_EXTENSION_EXPORT std::int32_t mo_extension_register(const mo_host* host, mo_call* call) { \
    return ::mo::extension::detail::enter(host, call, mo_add_all);                                        \
  }                                                                                                       \
  static void mo_add_all(::mo::extension::Registry& registry)

#endif
