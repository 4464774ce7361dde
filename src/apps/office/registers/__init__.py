"""Registers [sổ đăng ký] in the columns of Decree 30/2020, Annex IV, to print and to take as Excel."""
