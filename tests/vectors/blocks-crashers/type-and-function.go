package p

func T() {}

func (T) M() {}
