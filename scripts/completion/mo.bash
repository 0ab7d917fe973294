# Completion of mo's options for bash; made by mo --generate mo.bash
_mo_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word")
}

_mo_files() {
  mapfile -t COMPREPLY < <(compgen -f -- "$word")
}

_mo() {
  local word=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD-1]} attached=
  # bash takes --name=value for three words.
  if [[ $word == "=" ]]; then
    attached=1 word=
  elif [[ $option == "=" ]] && ((COMP_CWORD > 1)); then
    attached=1 option=${COMP_WORDS[COMP_CWORD-2]}
  fi
  COMPREPLY=()
  if [[ -n $attached ]]; then
    case $option in
    --compress_to_fp16) _mo_words "True False"; return ;;
    --onnx_external_data) _mo_words "True False"; return ;;
    --inspect) _mo_words "text json"; return ;;
    --list_layers) _mo_words "text json"; return ;;
    esac
  fi
  case $option in
    --framework) _mo_words "tf caffe mxnet kaldi onnx"; return ;;
    --input_model|-w|-m) _mo_files; return ;;
    --model_name|-n) _mo_words ""; return ;;
    --output_dir|-o) _mo_files; return ;;
    --data_type) _mo_words "FP16 FP32 half float"; return ;;
    --ir_version) _mo_words "2 3 4 5 6 7 10 11"; return ;;
    --output_format) _mo_words "ir onnx"; return ;;
    --onnx_opset) _mo_words "11 12 13 14 15 16 17 18 19 20 21"; return ;;
    --log_level) _mo_words "CRITICAL ERROR WARN WARNING INFO DEBUG NOTSET"; return ;;
    --input) _mo_words ""; return ;;
    --input_shape) _mo_words ""; return ;;
    --batch|-b) _mo_words ""; return ;;
    --output) _mo_words ""; return ;;
    --freeze_placeholder_with_value) _mo_words ""; return ;;
    --layout) _mo_words ""; return ;;
    --source_layout) _mo_words ""; return ;;
    --target_layout) _mo_words ""; return ;;
    --mean_values|-ms) _mo_words ""; return ;;
    --scale_values) _mo_words ""; return ;;
    --scale|-s) _mo_words ""; return ;;
    --mean_file|-mf) _mo_files; return ;;
    --mean_file_offsets|-mo) _mo_words ""; return ;;
    --preprocess) _mo_words "auto"; return ;;
    --finegrain_fusing) _mo_words ""; return ;;
    --input_proto|-d) _mo_files; return ;;
    --k|-k) _mo_files; return ;;
    --extensions) _mo_files; return ;;
    --caffe_proto) _mo_files; return ;;
    --config) _mo_files; return ;;
    --manifest) _mo_files; return ;;
    --jobs) _mo_words ""; return ;;
    --report) _mo_files; return ;;
    --graph) _mo_files; return ;;
    --max_memory) _mo_words ""; return ;;
    --upgrade_ir) _mo_files; return ;;
    --check_ir) _mo_files; return ;;
    --caffe_parser_path) _mo_files; return ;;
    --transform) _mo_words ""; return ;;
    --transformations_config) _mo_files; return ;;
  esac
  [[ -n $attached ]] && return
  _mo_words "--help -h --version --framework --input_model -w -m --model_name -n --output_dir -o --data_type --compress_to_fp16 --allow_fp16_overflow --ir_version --output_format --onnx_opset --onnx_external_data --generate_deprecated_IR_V2 --generate_deprecated_IR_V7 --generate_experimental_IR_V10 --log_level --silent --input --input_shape --batch -b --output --freeze_placeholder_with_value --layout --source_layout --target_layout --mean_values -ms --scale_values --scale -s --reverse_input_channels --mean_file -mf --mean_file_offsets -mo --move_to_preprocess --preprocess --disable_fusing --finegrain_fusing --disable_gfusing --disable_resnet_optimization --fold_constants --input_proto -d --k -k --disable_omitting_optional --enable_flattening_nested_params --extensions --caffe_proto --config --manifest --jobs --resume --inspect --list_layers --print_shapes --report --graph --max_memory --fsync --upgrade_ir --check_ir --verify --help-all --static_shape --progress --stream_output --use_legacy_frontend --use_new_frontend --caffe_parser_path --share_weights --disable_weights_compression --keep_shape_ops --legacy_ir_generation --enable_concat_optimization --transform --transformations_config"
  ((COMP_CWORD > 1)) || COMPREPLY+=($(compgen -W verify -- "$word"))
}
complete -o filenames -F _mo mo mo.py mo_caffe.py
