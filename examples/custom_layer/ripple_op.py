"""The layer Ripple for the OpenVINO runtime: what computes the IR's layers of that type."""

import numpy as np
import openvino


class Ripple(openvino.Op):
    """x, and behind it as further channels amplitude * sin(frequency * x + phase)."""

    def __init__(self, inputs=None, **attributes):
        super().__init__(self)
        self.attributes = {"frequency": 1.0, "amplitude": 0.5, "phase": 0.0, **attributes}
        if inputs is not None:
            self.set_arguments(inputs)
            self.constructor_validate_and_infer_types()

    def validate_and_infer_types(self):
        shape = self.get_input_partial_shape(0)
        shape[1] = openvino.Dimension(2 * shape[1].get_length())
        self.set_output_type(0, self.get_input_element_type(0), shape)

    def clone_with_new_inputs(self, new_inputs):
        return Ripple(new_inputs, **self.attributes)

    def visit_attributes(self, visitor):
        visitor.on_attributes(self.attributes)
        return True

    def evaluate(self, outputs, inputs):
        outputs[0].data[:] = formula(inputs[0].data, **self.attributes)
        return True

    def has_evaluate(self):
        return True


def formula(x, frequency, amplitude, phase):
    return np.concatenate([x, amplitude * np.sin(frequency * x + phase)], axis=1)
