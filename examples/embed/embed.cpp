// Converts a Caffe model and infers it, all in memory: embed NET.caffemodel < numbers of its input
#include <algorithm>
#include <iostream>
#include <iterator>
#include <mo/converter.hpp>
#include <openvino/openvino.hpp>

int main(int /*argc*/, char** argv) try {
  const mo::Ir ir = mo::convert_model({.input_model = argv[1], .scale = 255});
  const ov::Tensor weights(ov::element::u8, {ir.weights.size()}, ir.weights.data());
  const auto fp32 = ov::hint::inference_precision(ov::element::f32);
  ov::CompiledModel net = ov::Core().compile_model(ir.xml, weights, "CPU", fp32);
  ov::InferRequest request = net.create_infer_request();

  ov::Tensor input = request.get_input_tensor();
  std::copy_n(std::istream_iterator<float>(std::cin), input.get_size(), input.data<float>());
  request.infer();
  const ov::Tensor output = request.get_output_tensor();
  std::copy_n(output.data<const float>(), output.get_size(), std::ostream_iterator<float>(std::cout, "\n"));
} catch (const mo::Error& error) {
  std::cerr << error.what() << '\n';
  return error.exit_status();
}
