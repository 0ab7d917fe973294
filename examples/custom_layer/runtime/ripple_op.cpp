// What computes the IR's layers of type Ripple in the OpenVINO runtime:
// core.add_extension("ripple_runtime.so").
#include <cmath>
#include <memory>
#include <openvino/core/extension.hpp>
#include <openvino/core/op_extension.hpp>
#include <openvino/op/op.hpp>

namespace {

/// x [N, C, H, W], and behind it as further channels amplitude * sin(frequency * x + phase): [N, 2 C, H, W].
class Ripple : public ov::op::Op {
 public:
  OPENVINO_OP("Ripple", "extension");

  Ripple() = default;
  Ripple(const ov::Output<ov::Node>& x, float frequency, float amplitude, float phase)
      : Op({x}), frequency_(frequency), amplitude_(amplitude), phase_(phase) {
    constructor_validate_and_infer_types();
  }

  void validate_and_infer_types() override {
    ov::PartialShape shape = get_input_partial_shape(0);
    NODE_VALIDATION_CHECK(this, shape.rank().compatible(4), "the input is not [N, C, H, W]");
    if (shape.rank().is_static()) shape[1] = shape[1] * 2;
    set_output_type(0, get_input_element_type(0), shape);
  }

  std::shared_ptr<ov::Node> clone_with_new_inputs(const ov::OutputVector& inputs) const override {
    return std::make_shared<Ripple>(inputs.at(0), frequency_, amplitude_, phase_);
  }

  bool visit_attributes(ov::AttributeVisitor& visitor) override {
    visitor.on_attribute("frequency", frequency_);
    visitor.on_attribute("amplitude", amplitude_);
    visitor.on_attribute("phase", phase_);
    return true;
  }

  bool has_evaluate() const override { return get_input_element_type(0) == ov::element::f32; }

  bool evaluate(ov::TensorVector& outputs, const ov::TensorVector& inputs) const override {
    ov::Shape shape = inputs[0].get_shape();
    const std::size_t images = shape[0];
    const std::size_t size = shape[1] * shape[2] * shape[3];  // of one image
    shape[1] *= 2;
    outputs[0].set_shape(shape);
    const float* x = inputs[0].data<float>();
    float* y = outputs[0].data<float>();
    for (std::size_t n = 0; n < images; ++n, x += size, y += 2 * size) {
      for (std::size_t i = 0; i < size; ++i) {
        y[i] = x[i];
        y[size + i] = amplitude_ * std::sin(frequency_ * x[i] + phase_);
      }
    }
    return true;
  }

 private:
  float frequency_ = 1.0F;
  float amplitude_ = 0.5F;
  float phase_ = 0.0F;
};

}  // namespace

OPENVINO_CREATE_EXTENSIONS(std::vector<ov::Extension::Ptr>({std::make_shared<ov::OpExtension<Ripple>>()}));
