runsuite_test(unit sv unit/sv_wait_rule_test.cpp unit/sv_status_text_test.cpp unit/sv_options_test.cpp
    unit/sv_page_test.cpp unit/sv_settle_rule_test.cpp LINK sv_rules runsuite_model)
