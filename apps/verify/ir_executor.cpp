#include "verify/ir_executor.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <openvino/op/constant.hpp>
#include <openvino/op/parameter.hpp>
#include <openvino/op/result.hpp>
#include <openvino/runtime/compiled_model.hpp>
#include <openvino/runtime/infer_request.hpp>
#include <openvino/runtime/properties.hpp>
#include <pugixml.hpp>

#include "caffe/blob_flow.h"
#include "cli/values.h"

namespace mo::verify {

namespace {

using Nodes = std::map<std::string, std::shared_ptr<ov::Node>>;

Nodes nodes_by_name(const ov::Model& model) {
  Nodes nodes;
  for (const auto& node : model.get_ordered_ops())
    if (!ov::is_type<ov::op::v0::Result>(node)) nodes.emplace(node->get_friendly_name(), node);
  return nodes;
}

std::map<std::pair<std::string, std::string>, std::pair<std::size_t, std::size_t>> tops_by_name(
    const caffe::Net& net) {
  std::map<std::pair<std::string, std::string>, std::pair<std::size_t, std::size_t>> tops;
  for (std::size_t layer = 0; layer < net.layers.size(); ++layer)
    for (std::size_t top = 0; top < net.layers[layer].tops.size(); ++top)
      tops.emplace(std::pair(net.layers[layer].name, net.layers[layer].tops[top]), std::pair(layer, top));
  return tops;
}

/// The numbers of the output ports of each layer, as the IR's file has them.
std::map<std::string, std::vector<unsigned>> output_ports(const std::string& xml) {
  pugi::xml_document document;
  std::map<std::string, std::vector<unsigned>> ports;
  if (!document.load_file(xml.c_str())) return ports;
  for (const pugi::xml_node layer : document.child("net").child("layers").children("layer"))
    for (const pugi::xml_node port : layer.child("output").children("port"))
      ports[layer.attribute("name").value()].push_back(port.attribute("id").as_uint());
  return ports;
}

std::vector<Observation> by_mapping(const pugi::xml_document& mapping, const std::string& xml,
                                    const Nodes& nodes, const caffe::Net& net) {
  const auto tops = tops_by_name(net);
  const auto ports = output_ports(xml);
  std::vector<Observation> observations;
  for (const pugi::xml_node map : mapping.child("mapping").children("map")) {
    const pugi::xml_node from = map.child("framework");
    const pugi::xml_node to = map.child("IR");
    const auto top = tops.find({from.attribute("name").value(), from.attribute("out_port_id").value()});
    const auto node = nodes.find(to.attribute("name").value());
    const auto numbers = ports.find(to.attribute("name").value());
    if (top == tops.end() || node == nodes.end() || numbers == ports.end()) continue;
    if (ov::is_type<ov::op::v0::Parameter>(node->second)) continue;
    const auto number = std::ranges::find(numbers->second, to.attribute("out_port_id").as_uint());
    const auto output = static_cast<std::size_t>(number - numbers->second.begin());
    if (number == numbers->second.end() || output >= node->second->get_output_size()) continue;
    observations.push_back({top->second.first, top->second.second, node->first, output});
  }
  return observations;
}

/// An old IR without a mapping: its layers carry the names of Caffe's, but what was fused into them is not
/// known.  What it gives at its end is the blob or the layer of the name.
std::vector<Observation> by_outputs(const ov::Model& model, const caffe::Net& net) {
  const caffe::BlobFlow flow(net);
  std::vector<Observation> observations;
  for (const auto& result : model.get_results()) {
    const ov::Output<ov::Node> source = result->input_value(0);
    const std::string name = source.get_node()->get_friendly_name();
    std::optional<caffe::TopReference> top = flow.last_writer(name);
    for (std::size_t layer = 0; layer < net.layers.size() && !top; ++layer)
      if (net.layers[layer].name == name && !net.layers[layer].tops.empty())
        top = flow.last_writer(net.layers[layer].tops[0]);
    if (top) observations.push_back({top->layer, top->top, name, source.get_index()});
  }
  return observations;
}

/// An IR without a mapping: a tensor is called as the blob that it is at the end of the net.
std::vector<Observation> by_tensor_names(const Nodes& nodes, const caffe::Net& net) {
  const caffe::BlobFlow flow(net);
  std::map<std::string, std::pair<std::string, std::size_t>> tensors;
  for (const auto& [name, node] : nodes)
    for (std::size_t output = 0; output < node->get_output_size(); ++output)
      for (const std::string& tensor : node->output(output).get_names()) tensors[tensor] = {name, output};
  std::vector<Observation> observations;
  for (std::size_t layer = 0; layer < net.layers.size(); ++layer)
    for (std::size_t top = 0; top < net.layers[layer].tops.size(); ++top) {
      const std::string& blob = net.layers[layer].tops[top];
      const auto tensor = tensors.find(blob);
      if (tensor == tensors.end() || flow.last_writer(blob) != caffe::TopReference{layer, top}) continue;
      if (ov::is_type<ov::op::v0::Parameter>(nodes.at(tensor->second.first))) continue;
      observations.push_back({layer, top, tensor->second.first, tensor->second.second});
    }
  return observations;
}

Array to_array(const ov::Tensor& tensor) {
  const ov::Shape& shape = tensor.get_shape();
  Array array{Shape(shape.begin(), shape.end()), std::vector<float>(tensor.get_size())};
  const auto take = [&](const auto* values) {
    std::transform(values, values + tensor.get_size(), array.values.begin(),
                   [](auto value) { return static_cast<float>(value); });
  };
  const ov::element::Type type = tensor.get_element_type();
  if (type == ov::element::f32)
    take(tensor.data<const float>());
  else if (type == ov::element::f16)
    take(tensor.data<const ov::float16>());
  else if (type == ov::element::i64)
    take(tensor.data<const std::int64_t>());
  else if (type == ov::element::i32)
    take(tensor.data<const std::int32_t>());
  else if (type == ov::element::u8)
    take(tensor.data<const std::uint8_t>());
  else
    cli::fail(code::unexpected_model, "an output of the IR has the type " + type.get_type_name(),
              "convert the model without changing the types of its outputs");
  return array;
}

ov::Tensor to_tensor(const Array& array, ov::element::Type type) {
  ov::Tensor tensor(type, ov::Shape(array.shape.begin(), array.shape.end()));
  const auto put = [&](auto* values) {
    using Element = std::remove_pointer_t<decltype(values)>;
    std::ranges::transform(array.values, values, [](float value) { return static_cast<Element>(value); });
  };
  if (type == ov::element::f32)
    put(tensor.data<float>());
  else if (type == ov::element::f16)
    put(tensor.data<ov::float16>());
  else if (type == ov::element::u8)
    put(tensor.data<std::uint8_t>());
  else if (type == ov::element::i32)
    put(tensor.data<std::int32_t>());
  else if (type == ov::element::i64)
    put(tensor.data<std::int64_t>());
  else
    cli::fail(code::unexpected_model, "an input of the IR has the type " + type.get_type_name(),
              "convert the model with inputs of f32, f16 or u8");
  return tensor;
}

std::vector<Array> run(ov::Core& core, const std::shared_ptr<const ov::Model>& model,
                       const std::string& device, const std::vector<Array>& feeds) {
  ov::AnyMap settings;
  // Not every device knows the hint; a processor without it would compute in 16 bits where it can.
  if (device == "CPU" || device == "GPU") settings.emplace(ov::hint::inference_precision(ov::element::f32));
  ov::CompiledModel compiled = core.compile_model(model, device, settings);
  ov::InferRequest request = compiled.create_infer_request();
  for (std::size_t i = 0; i < feeds.size(); ++i)
    request.set_input_tensor(i, to_tensor(feeds[i], compiled.input(i).get_element_type()));
  request.infer();
  std::vector<Array> results;
  for (std::size_t i = 0; i < compiled.outputs().size(); ++i)
    results.push_back(to_array(request.get_output_tensor(i)));
  return results;
}

/// Adds an output for each observation and says which of the model's outputs it is.
std::vector<std::size_t> expose(ov::Model& model, const std::vector<Observation>& observations) {
  const Nodes nodes = nodes_by_name(model);
  std::vector<std::shared_ptr<ov::Node>> results;
  results.reserve(observations.size());
  for (const Observation& observation : observations)
    results.push_back(
        model.add_output(nodes.at(observation.ir_layer)->output(observation.output)).get_node_shared_ptr());
  std::vector<std::size_t> indices;
  for (const auto& result : results) {
    const auto& all = model.get_results();
    const auto place = std::ranges::find_if(all, [&](const auto& r) { return r.get() == result.get(); });
    indices.push_back(static_cast<std::size_t>(place - all.begin()));
  }
  return indices;
}

}  // namespace

std::vector<IrInput> inputs_of(const ov::Model& model) {
  std::vector<IrInput> inputs;
  for (const auto& port : model.inputs()) {
    IrInput input;
    for (const std::string& name : port.get_names()) input.names.push_back(name);
    std::ranges::sort(input.names);
    input.names.push_back(port.get_node()->get_friendly_name());
    for (const ov::Dimension& dimension : port.get_partial_shape())
      input.shape.push_back(dimension.is_static() ? dimension.get_length() : -1);
    input.bytes = port.get_element_type() == ov::element::u8;
    inputs.push_back(std::move(input));
  }
  return inputs;
}

std::vector<Observation> find_observations(const apps::LoadedModel& loaded, const caffe::Net& net) {
  const Nodes nodes = nodes_by_name(*loaded.model);
  const std::string mapping = std::filesystem::path(loaded.xml).replace_extension(".mapping").string();
  pugi::xml_document document;
  std::vector<Observation> observations;
  if (!apps::is_onnx(loaded.xml) && cli::path_exists(mapping) && document.load_file(mapping.c_str()))
    observations = by_mapping(document, loaded.xml, nodes, net);
  if (observations.empty())
    observations = loaded.upgraded_xml.empty() ? by_tensor_names(nodes, net) : by_outputs(*loaded.model, net);
  std::ranges::stable_sort(observations, {}, [](const Observation& o) { return std::pair(o.layer, o.top); });
  return observations;
}

IrResults infer(ov::Core& core, const ov::Model& model, const std::string& device,
                const std::vector<Array>& feeds, const std::vector<Observation>& observations) {
  IrResults results;
  const std::shared_ptr<const ov::Model> plain = model.clone();
  std::vector<Array> outputs = run(core, plain, device, feeds);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const ov::Output<const ov::Node> source = plain->output(i).get_node()->input_value(0);
    const std::string layer = source.get_node()->get_friendly_name();
    IrOutput output{layer, std::nullopt, std::move(outputs[i])};
    for (std::size_t o = 0; o < observations.size(); ++o)  // the last: what the blob is at the end
      if (observations[o].ir_layer == layer && observations[o].output == source.get_index())
        output.observation = o;
    results.outputs.push_back(std::move(output));
  }
  const std::shared_ptr<ov::Model> open = model.clone();
  // Of a model that says it is v10, the runtime wants operations and tensors of different names.
  open->get_rt_info().erase("version");
  const std::vector<std::size_t> places = expose(*open, observations);
  open->validate_nodes_and_infer_types();
  const std::vector<Array> observed = run(core, open, device, feeds);
  for (const std::size_t place : places) results.observed.push_back(observed.at(place));
  return results;
}

bool has_half_weights(const ov::Model& model) {
  return std::ranges::any_of(model.get_ops(), [](const auto& node) {
    return ov::is_type<ov::op::v0::Constant>(node) && node->get_output_element_type(0) == ov::element::f16;
  });
}

}  // namespace mo::verify
