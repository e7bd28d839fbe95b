"""受援县安排: which place serves which county."""
