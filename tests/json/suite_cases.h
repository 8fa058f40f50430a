/* suite_cases.h: the cases of Nicolas Seriot's JSONTestSuite (MIT), as texts. They are kept here, since they are few
 * and do not change. A name says what is due: y_ must be taken, n_ refused, i_ may be either. Left out are those that
 * are no UTF-8, which text_test.cpp has, and those of hundreds of levels, which reader_test.cpp makes. */

#ifndef TESTS_JSON_SUITE_CASES_H
#define TESTS_JSON_SUITE_CASES_H

#include <string>

using namespace std::string_literals;

struct suite_case
{
    const char *name;
    std::wstring text;
};

static const suite_case suite_cases[] = {
    {"i_number_double_huge_neg_exp", L"[123.456e-789]"s},
    {"i_number_huge_exp",
     L"[0.4e00669999999999999999999999999999999999999999999999999999999999999999999999999999999999999"
     L"999999999999999999999999999999969999999006]"s},
    {"i_number_neg_int_huge_exp", L"[-1e+9999]"s},
    {"i_number_pos_double_huge_exp", L"[1.5e+9999]"s},
    {"i_number_real_neg_overflow", L"[-123123e100000]"s},
    {"i_number_real_pos_overflow", L"[123123e100000]"s},
    {"i_number_real_underflow", L"[123e-10000000]"s},
    {"i_number_too_big_neg_int", L"[-123123123123123123123123123123]"s},
    {"i_number_too_big_pos_int", L"[100000000000000000000]"s},
    {"i_number_very_big_negative_int", L"[-237462374673276894279832749832423479823246327846]"s},
    {"i_object_key_lone_2nd_surrogate", L"{\"\\uDFAA\":0}"s},
    {"i_string_1st_surrogate_but_2nd_missing", L"[\"\\uDADA\"]"s},
    {"i_string_1st_valid_surrogate_2nd_invalid", L"[\"\\uD888\\u1234\"]"s},
    {"i_string_incomplete_surrogate_and_escape_valid", L"[\"\\uD800\\n\"]"s},
    {"i_string_incomplete_surrogate_pair", L"[\"\\uDd1ea\"]"s},
    {"i_string_incomplete_surrogates_escape_valid", L"[\"\\uD800\\uD800\\n\"]"s},
    {"i_string_invalid_lonely_surrogate", L"[\"\\ud800\"]"s},
    {"i_string_invalid_surrogate", L"[\"\\ud800abc\"]"s},
    {"i_string_inverted_surrogates_U+1D11E", L"[\"\\uDd1e\\uD834\"]"s},
    {"i_string_lone_second_surrogate", L"[\"\\uDFAA\"]"s},
    {"i_structure_UTF-8_BOM_empty_object", L"\xfeff"
                                           L"{}"s},
    {"n_array_1_true_without_comma", L"[1 true]"s},
    {"n_array_colon_instead_of_comma", L"[\"\": 1]"s},
    {"n_array_comma_after_close", L"[\"\"],"s},
    {"n_array_comma_and_number", L"[,1]"s},
    {"n_array_double_comma", L"[1,,2]"s},
    {"n_array_double_extra_comma", L"[\"x\",,]"s},
    {"n_array_extra_close", L"[\"x\"]]"s},
    {"n_array_extra_comma", L"[\"\",]"s},
    {"n_array_incomplete", L"[\"x\""s},
    {"n_array_incomplete_invalid_value", L"[x"s},
    {"n_array_inner_array_no_comma", L"[3[4]]"s},
    {"n_array_items_separated_by_semicolon", L"[1:2]"s},
    {"n_array_just_comma", L"[,]"s},
    {"n_array_just_minus", L"[-]"s},
    {"n_array_missing_value", L"[   , \"\"]"s},
    {"n_array_newlines_unclosed", L"[\"a\",\x000a"
                                  L"4\x000a"
                                  L",1,"s},
    {"n_array_number_and_comma", L"[1,]"s},
    {"n_array_number_and_several_commas", L"[1,,]"s},
    {"n_array_spaces_vertical_tab_formfeed", L"[\"\x000b"
                                             L"a\"\\f]"s},
    {"n_array_star_inside", L"[*]"s},
    {"n_array_unclosed", L"[\"\""s},
    {"n_array_unclosed_trailing_comma", L"[1,"s},
    {"n_array_unclosed_with_new_lines", L"[1,\x000a"
                                        L"1\x000a"
                                        L",1"s},
    {"n_array_unclosed_with_object_inside", L"[{}"s},
    {"n_incomplete_false", L"[fals]"s},
    {"n_incomplete_null", L"[nul]"s},
    {"n_incomplete_true", L"[tru]"s},
    {"n_multidigit_number_then_00", L"123\x0000"
                                    L""s},
    {"n_number_++", L"[++1234]"s},
    {"n_number_+1", L"[+1]"s},
    {"n_number_+Inf", L"[+Inf]"s},
    {"n_number_-01", L"[-01]"s},
    {"n_number_-1.0.", L"[-1.0.]"s},
    {"n_number_-2.", L"[-2.]"s},
    {"n_number_-NaN", L"[-NaN]"s},
    {"n_number_.-1", L"[.-1]"s},
    {"n_number_.2e-3", L"[.2e-3]"s},
    {"n_number_0.1.2", L"[0.1.2]"s},
    {"n_number_0.3e+", L"[0.3e+]"s},
    {"n_number_0.3e", L"[0.3e]"s},
    {"n_number_0.e1", L"[0.e1]"s},
    {"n_number_0_capital_E+", L"[0E+]"s},
    {"n_number_0_capital_E", L"[0E]"s},
    {"n_number_0e+", L"[0e+]"s},
    {"n_number_0e", L"[0e]"s},
    {"n_number_1.0e+", L"[1.0e+]"s},
    {"n_number_1.0e-", L"[1.0e-]"s},
    {"n_number_1.0e", L"[1.0e]"s},
    {"n_number_1_000", L"[1 000.0]"s},
    {"n_number_1eE2", L"[1eE2]"s},
    {"n_number_2.e+3", L"[2.e+3]"s},
    {"n_number_2.e-3", L"[2.e-3]"s},
    {"n_number_2.e3", L"[2.e3]"s},
    {"n_number_9.e+", L"[9.e+]"s},
    {"n_number_Inf", L"[Inf]"s},
    {"n_number_NaN", L"[NaN]"s},
    {"n_number_U+FF11_fullwidth_digit_one", L"[\xff11"
                                            L"]"s},
    {"n_number_expression", L"[1+2]"s},
    {"n_number_hex_1_digit", L"[0x1]"s},
    {"n_number_hex_2_digits", L"[0x42]"s},
    {"n_number_infinity", L"[Infinity]"s},
    {"n_number_invalid+-", L"[0e+-1]"s},
    {"n_number_invalid-negative-real", L"[-123.123foo]"s},
    {"n_number_minus_infinity", L"[-Infinity]"s},
    {"n_number_minus_sign_with_trailing_garbage", L"[-foo]"s},
    {"n_number_minus_space_1", L"[- 1]"s},
    {"n_number_neg_int_starting_with_zero", L"[-012]"s},
    {"n_number_neg_real_without_int_part", L"[-.123]"s},
    {"n_number_neg_with_garbage_at_end", L"[-1x]"s},
    {"n_number_real_garbage_after_e", L"[1ea]"s},
    {"n_number_real_without_fractional_part", L"[1.]"s},
    {"n_number_starting_with_dot", L"[.123]"s},
    {"n_number_with_alpha", L"[1.2a-3]"s},
    {"n_number_with_alpha_char", L"[1.8011670033376514H-308]"s},
    {"n_number_with_leading_zero", L"[012]"s},
    {"n_object_bad_value", L"[\"x\", truth]"s},
    {"n_object_bracket_key", L"{[: \"x\"}\x000a"
                             L""s},
    {"n_object_comma_instead_of_colon", L"{\"x\", null}"s},
    {"n_object_double_colon", L"{\"x\"::\"b\"}"s},
    {"n_object_emoji", L"{\xd83c"
                       L"\xdde8"
                       L"\xd83c"
                       L"\xdded"
                       L"}"s},
    {"n_object_garbage_at_end", L"{\"a\":\"a\" 123}"s},
    {"n_object_key_with_single_quotes", L"{key: 'value'}"s},
    {"n_object_missing_colon", L"{\"a\" b}"s},
    {"n_object_missing_key", L"{:\"b\"}"s},
    {"n_object_missing_semicolon", L"{\"a\" \"b\"}"s},
    {"n_object_missing_value", L"{\"a\":"s},
    {"n_object_no-colon", L"{\"a\""s},
    {"n_object_non_string_key", L"{1:1}"s},
    {"n_object_non_string_key_but_huge_number_instead", L"{9999E9999:1}"s},
    {"n_object_repeated_null_null", L"{null:null,null:null}"s},
    {"n_object_several_trailing_commas", L"{\"id\":0,,,,,}"s},
    {"n_object_single_quote", L"{'a':0}"s},
    {"n_object_trailing_comma", L"{\"id\":0,}"s},
    {"n_object_trailing_comment", L"{\"a\":\"b\"}/**/"s},
    {"n_object_trailing_comment_open", L"{\"a\":\"b\"}/**//"s},
    {"n_object_trailing_comment_slash_open", L"{\"a\":\"b\"}//"s},
    {"n_object_trailing_comment_slash_open_incomplete", L"{\"a\":\"b\"}/"s},
    {"n_object_two_commas_in_a_row", L"{\"a\":\"b\",,\"c\":\"d\"}"s},
    {"n_object_unquoted_key", L"{a: \"b\"}"s},
    {"n_object_unterminated-value", L"{\"a\":\"a"s},
    {"n_object_with_single_string", L"{ \"foo\" : \"bar\", \"a\" }"s},
    {"n_object_with_trailing_garbage", L"{\"a\":\"b\"}#"s},
    {"n_single_space", L" "s},
    {"n_string_1_surrogate_then_escape", L"[\"\\uD800\\\"]"s},
    {"n_string_1_surrogate_then_escape_u", L"[\"\\uD800\\u\"]"s},
    {"n_string_1_surrogate_then_escape_u1", L"[\"\\uD800\\u1\"]"s},
    {"n_string_1_surrogate_then_escape_u1x", L"[\"\\uD800\\u1x\"]"s},
    {"n_string_accentuated_char_no_quotes", L"[\x00e9"
                                            L"]"s},
    {"n_string_backslash_00", L"[\"\\\x0000"
                              L"\"]"s},
    {"n_string_escape_x", L"[\"\\x00\"]"s},
    {"n_string_escaped_backslash_bad", L"[\"\\\\\\\"]"s},
    {"n_string_escaped_ctrl_char_tab", L"[\"\\\x0009"
                                       L"\"]"s},
    {"n_string_escaped_emoji", L"[\"\\\xd83c"
                               L"\xdf00"
                               L"\"]"s},
    {"n_string_incomplete_escape", L"[\"\\\"]"s},
    {"n_string_incomplete_escaped_character", L"[\"\\u00A\"]"s},
    {"n_string_incomplete_surrogate", L"[\"\\uD834\\uDd\"]"s},
    {"n_string_incomplete_surrogate_escape_invalid", L"[\"\\uD800\\uD800\\x\"]"s},
    {"n_string_invalid_backslash_esc", L"[\"\\a\"]"s},
    {"n_string_invalid_unicode_escape", L"[\"\\uqqqq\"]"s},
    {"n_string_leading_uescaped_thinspace", L"[\\u0020\"asd\"]"s},
    {"n_string_no_quotes_with_bad_escape", L"[\\n]"s},
    {"n_string_single_doublequote", L"\""s},
    {"n_string_single_quote", L"['single quote']"s},
    {"n_string_single_string_no_double_quotes", L"abc"s},
    {"n_string_start_escape_unclosed", L"[\"\\"s},
    {"n_string_unescaped_ctrl_char", L"[\"a\x0000"
                                     L"a\"]"s},
    {"n_string_unescaped_newline", L"[\"new\x000a"
                                   L"line\"]"s},
    {"n_string_unescaped_tab", L"[\"\x0009"
                               L"\"]"s},
    {"n_string_unicode_CapitalU", L"\"\\UA66D\""s},
    {"n_string_with_trailing_garbage", L"\"\"x"s},
    {"n_structure_U+2060_word_joined", L"[\x2060"
                                       L"]"s},
    {"n_structure_UTF8_BOM_no_data", L"\xfeff"
                                     L""s},
    {"n_structure_angle_bracket_.", L"<.>"s},
    {"n_structure_angle_bracket_null", L"[<null>]"s},
    {"n_structure_array_trailing_garbage", L"[1]x"s},
    {"n_structure_array_with_extra_array_close", L"[1]]"s},
    {"n_structure_array_with_unclosed_string", L"[\"asd]"s},
    {"n_structure_ascii-unicode-identifier", L"a\x00e5"
                                             L""s},
    {"n_structure_capitalized_True", L"[True]"s},
    {"n_structure_close_unopened_array", L"1]"s},
    {"n_structure_comma_instead_of_closing_brace", L"{\"x\": true,"s},
    {"n_structure_double_array", L"[][]"s},
    {"n_structure_end_array", L"]"s},
    {"n_structure_lone-open-bracket", L"["s},
    {"n_structure_no_data", L""s},
    {"n_structure_null-byte-outside-string", L"[\x0000"
                                             L"]"s},
    {"n_structure_number_with_trailing_garbage", L"2@"s},
    {"n_structure_object_followed_by_closing_object", L"{}}"s},
    {"n_structure_object_unclosed_no_value", L"{\"\":"s},
    {"n_structure_object_with_comment", L"{\"a\":/*comment*/\"b\"}"s},
    {"n_structure_object_with_trailing_garbage", L"{\"a\": true} \"x\""s},
    {"n_structure_open_array_apostrophe", L"['"s},
    {"n_structure_open_array_comma", L"[,"s},
    {"n_structure_open_array_open_object", L"[{"s},
    {"n_structure_open_array_open_string", L"[\"a"s},
    {"n_structure_open_array_string", L"[\"a\""s},
    {"n_structure_open_object", L"{"s},
    {"n_structure_open_object_close_array", L"{]"s},
    {"n_structure_open_object_comma", L"{,"s},
    {"n_structure_open_object_open_array", L"{["s},
    {"n_structure_open_object_open_string", L"{\"a"s},
    {"n_structure_open_object_string_with_apostrophes", L"{'a'"s},
    {"n_structure_open_open", L"[\"\\{[\"\\{[\"\\{[\"\\{"s},
    {"n_structure_single_star", L"*"s},
    {"n_structure_trailing_#", L"{\"a\":\"b\"}#{}"s},
    {"n_structure_uescaped_LF_before_string", L"[\\u000A\"\"]"s},
    {"n_structure_unclosed_array", L"[1"s},
    {"n_structure_unclosed_array_partial_null", L"[ false, nul"s},
    {"n_structure_unclosed_array_unfinished_false", L"[ true, fals"s},
    {"n_structure_unclosed_array_unfinished_true", L"[ false, tru"s},
    {"n_structure_unclosed_object", L"{\"asd\":\"asd\""s},
    {"n_structure_unicode-identifier", L"\x00e5"
                                       L""s},
    {"n_structure_whitespace_U+2060_word_joiner", L"[\x2060"
                                                  L"]"s},
    {"n_structure_whitespace_formfeed", L"[\x000c"
                                        L"]"s},
    {"y_array_arraysWithSpaces", L"[[]   ]"s},
    {"y_array_empty-string", L"[\"\"]"s},
    {"y_array_empty", L"[]"s},
    {"y_array_ending_with_newline", L"[\"a\"]"s},
    {"y_array_false", L"[false]"s},
    {"y_array_heterogeneous", L"[null, 1, \"1\", {}]"s},
    {"y_array_null", L"[null]"s},
    {"y_array_with_1_and_newline", L"[1\x000a"
                                   L"]"s},
    {"y_array_with_leading_space", L" [1]"s},
    {"y_array_with_several_null", L"[1,null,null,null,2]"s},
    {"y_array_with_trailing_space", L"[2] "s},
    {"y_number", L"[123e65]"s},
    {"y_number_0e+1", L"[0e+1]"s},
    {"y_number_0e1", L"[0e1]"s},
    {"y_number_after_space", L"[ 4]"s},
    {"y_number_double_close_to_zero",
     L"[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]\x000a"
     L""s},
    {"y_number_int_with_exp", L"[20e1]"s},
    {"y_number_minus_zero", L"[-0]"s},
    {"y_number_negative_int", L"[-123]"s},
    {"y_number_negative_one", L"[-1]"s},
    {"y_number_negative_zero", L"[-0]"s},
    {"y_number_real_capital_e", L"[1E22]"s},
    {"y_number_real_capital_e_neg_exp", L"[1E-2]"s},
    {"y_number_real_capital_e_pos_exp", L"[1E+2]"s},
    {"y_number_real_exponent", L"[123e45]"s},
    {"y_number_real_fraction_exponent", L"[123.456e78]"s},
    {"y_number_real_neg_exp", L"[1e-2]"s},
    {"y_number_real_pos_exponent", L"[1e+2]"s},
    {"y_number_simple_int", L"[123]"s},
    {"y_number_simple_real", L"[123.456789]"s},
    {"y_object", L"{\"asd\":\"sdf\", \"dfg\":\"fgh\"}"s},
    {"y_object_basic", L"{\"asd\":\"sdf\"}"s},
    {"y_object_duplicated_key", L"{\"a\":\"b\",\"a\":\"c\"}"s},
    {"y_object_duplicated_key_and_value", L"{\"a\":\"b\",\"a\":\"b\"}"s},
    {"y_object_empty", L"{}"s},
    {"y_object_empty_key", L"{\"\":0}"s},
    {"y_object_escaped_null_in_key", L"{\"foo\\u0000bar\": 42}"s},
    {"y_object_extreme_numbers", L"{ \"min\": -1.0e+28, \"max\": 1.0e+28 }"s},
    {"y_object_long_strings",
     L"{\"x\":[{\"id\": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}], \"id\": \"xxxxxxxxxxxxxxxxxxx"
     L"xxxxxxxxxxxxxxxxxxxxx\"}"s},
    {"y_object_simple", L"{\"a\":[]}"s},
    {"y_object_string_unicode", L"{\"title\":\"\\u041f\\u043e\\u043b\\u0442\\u043e\\u0440\\u0430 "
                                L"\\u0417\\u0435\\u043c\\u043b\\u0435\\u043a\\u043e\\u043f\\u0430\" }"s},
    {"y_object_with_newlines", L"{\x000a"
                               L"\"a\": \"b\"\x000a"
                               L"}"s},
    {"y_string_1_2_3_bytes_UTF-8_sequences", L"[\"\\u0060\\u012a\\u12AB\"]"s},
    {"y_string_accepted_surrogate_pair", L"[\"\\uD801\\udc37\"]"s},
    {"y_string_accepted_surrogate_pairs", L"[\"\\ud83d\\ude39\\ud83d\\udc8d\"]"s},
    {"y_string_allowed_escapes", L"[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]"s},
    {"y_string_backslash_and_u_escaped_zero", L"[\"\\\\u0000\"]"s},
    {"y_string_backslash_doublequotes", L"[\"\\\"\"]"s},
    {"y_string_comments", L"[\"a/*b*/c/*d//e\"]"s},
    {"y_string_double_escape_a", L"[\"\\\\a\"]"s},
    {"y_string_double_escape_n", L"[\"\\\\n\"]"s},
    {"y_string_escaped_control_character", L"[\"\\u0012\"]"s},
    {"y_string_escaped_noncharacter", L"[\"\\uFFFF\"]"s},
    {"y_string_in_array", L"[\"asd\"]"s},
    {"y_string_in_array_with_leading_space", L"[ \"asd\"]"s},
    {"y_string_last_surrogates_1_and_2", L"[\"\\uDBFF\\uDFFF\"]"s},
    {"y_string_nbsp_uescaped", L"[\"new\\u00A0line\"]"s},
    {"y_string_nonCharacterInUTF-8_U+10FFFF", L"[\"\xdbff"
                                              L"\xdfff"
                                              L"\"]"s},
    {"y_string_nonCharacterInUTF-8_U+FFFF", L"[\"\xffff"
                                            L"\"]"s},
    {"y_string_null_escape", L"[\"\\u0000\"]"s},
    {"y_string_one-byte-utf-8", L"[\"\\u002c\"]"s},
    {"y_string_pi", L"[\"\x03c0"
                    L"\"]"s},
    {"y_string_reservedCharacterInUTF-8_U+1BFFF", L"[\"\xd82f"
                                                  L"\xdfff"
                                                  L"\"]"s},
    {"y_string_simple_ascii", L"[\"asd \"]"s},
    {"y_string_space", L"\" \""s},
    {"y_string_surrogates_U+1D11E_MUSICAL_SYMBOL_G_CLEF", L"[\"\\uD834\\uDd1e\"]"s},
    {"y_string_three-byte-utf-8", L"[\"\\u0821\"]"s},
    {"y_string_two-byte-utf-8", L"[\"\\u0123\"]"s},
    {"y_string_u+2028_line_sep", L"[\"\x2028"
                                 L"\"]"s},
    {"y_string_u+2029_par_sep", L"[\"\x2029"
                                L"\"]"s},
    {"y_string_uEscape", L"[\"\\u0061\\u30af\\u30EA\\u30b9\"]"s},
    {"y_string_uescaped_newline", L"[\"new\\u000Aline\"]"s},
    {"y_string_unescaped_char_delete", L"[\"\x007f"
                                       L"\"]"s},
    {"y_string_unicode", L"[\"\\uA66D\"]"s},
    {"y_string_unicodeEscapedBackslash", L"[\"\\u005C\"]"s},
    {"y_string_unicode_2", L"[\"\x2342"
                           L"\x3234"
                           L"\x2342"
                           L"\"]"s},
    {"y_string_unicode_U+10FFFE_nonchar", L"[\"\\uDBFF\\uDFFE\"]"s},
    {"y_string_unicode_U+1FFFE_nonchar", L"[\"\\uD83F\\uDFFE\"]"s},
    {"y_string_unicode_U+200B_ZERO_WIDTH_SPACE", L"[\"\\u200B\"]"s},
    {"y_string_unicode_U+2064_invisible_plus", L"[\"\\u2064\"]"s},
    {"y_string_unicode_U+FDD0_nonchar", L"[\"\\uFDD0\"]"s},
    {"y_string_unicode_U+FFFE_nonchar", L"[\"\\uFFFE\"]"s},
    {"y_string_unicode_escaped_double_quote", L"[\"\\u0022\"]"s},
    {"y_string_utf8", L"[\"\x20ac"
                      L"\xd834"
                      L"\xdd1e"
                      L"\"]"s},
    {"y_string_with_del_character", L"[\"a\x007f"
                                    L"a\"]"s},
    {"y_structure_lonely_false", L"false"s},
    {"y_structure_lonely_int", L"42"s},
    {"y_structure_lonely_negative_real", L"-0.1"s},
    {"y_structure_lonely_null", L"null"s},
    {"y_structure_lonely_string", L"\"asd\""s},
    {"y_structure_lonely_true", L"true"s},
    {"y_structure_string_empty", L"\"\""s},
    {"y_structure_trailing_newline", L"[\"a\"]\x000a"
                                     L""s},
    {"y_structure_true_in_array", L"[true]"s},
    {"y_structure_whitespace_array", L" [] "s},
};

#endif
