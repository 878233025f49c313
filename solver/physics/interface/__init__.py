"""Liquid-gas interface: phase field, contact angles, evaporation."""
