runsuite_test(unit chpst unit/chpst_options_test.cpp unit/chpst_user_spec_test.cpp unit/chpst_env_file_test.cpp
    unit/chpst_words_test.cpp LINK chpst_rules)
